import { z } from 'zod'

/** An address as it is sent: nested, `line1` and `postcode` needed (CONFIRMED). */
export const AddressInput = z
  .object({
    line1: z.string().min(1).meta({ title: 'First line' }),
    line2: z.string().optional().meta({ title: 'Second line' }),
    city: z.string().optional().meta({ title: 'Town or city' }),
    postcode: z.string().min(1).meta({ title: 'Postcode' }),
    country: z.string().optional().meta({ title: 'Country' }),
  })
  .meta({ title: 'Address' })

/** An address as it comes back: flat, and in one place plain text. */
export const Address = z
  .object({
    id: z.string().optional().meta({ title: 'Address id' }),
    line1: z.string().meta({ title: 'First line' }),
    line2: z.string().meta({ title: 'Second line' }),
    city: z.string().meta({ title: 'Town or city' }),
    postcode: z.string().meta({ title: 'Postcode' }),
    country: z.string().meta({ title: 'Country' }),
    isBillingAddress: z.boolean().meta({ title: 'Billing address' }),
  })
  .meta({ title: 'Address' })

const text = z.string().nullish().catch(undefined)
const flat = {
  id: text,
  line1: text,
  line2: text,
  city: text,
  postcode: text,
  country: text,
  isBillingAddress: z.boolean().nullish().catch(undefined),
}
export const AddressReply = z.union([z.string(), z.looseObject({ ...flat, address: z.union([z.string(), z.looseObject(flat)]).nullish() })])

/** Reads flat, nested and plain-text addresses alike. */
export function toAddress(reply: z.output<typeof AddressReply>): z.output<typeof Address> {
  const empty = { line1: '', line2: '', city: '', postcode: '', country: '', isBillingAddress: false }
  if (typeof reply === 'string') return { ...empty, line1: reply }
  const inner = reply.address ?? reply
  const lines = typeof inner === 'string' ? { line1: inner } : inner
  return {
    ...empty,
    id: reply.id ?? undefined,
    line1: lines.line1 ?? '',
    ...('line2' in lines
      ? { line2: lines.line2 ?? '', city: lines.city ?? '', postcode: lines.postcode ?? '', country: lines.country ?? '' }
      : {}),
    isBillingAddress: reply.isBillingAddress ?? false,
  }
}
