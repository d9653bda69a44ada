import { deliveryIdOf, tenantOf } from '../webhooks.ts'

/** Webhooks reach only apps, which is said wherever they are offered. */
export const NEEDS_APP = {
  mark: 'CONFIRMED',
  text: 'HighLevel sends webhooks to marketplace apps only. A connection by Private Integration Token gets none.',
} as const

type Delivery = { connection: { locationId: string }; topic: string; body: unknown; bodySha256: string }

/** True unless the delivery names another sub-account: one address may serve many. */
export const isOurs = ({ connection, body }: Delivery): boolean => {
  const { locationId } = tenantOf(body)
  return locationId === undefined || locationId === connection.locationId
}

/** Key of the fact of a delivery: the vendor's id of it, or what the body holds. A retry gives the same. */
export const eventKey = ({ topic, body, bodySha256 }: Delivery): string => `hl.event:${topic}:${deliveryIdOf(body) ?? bodySha256}`
