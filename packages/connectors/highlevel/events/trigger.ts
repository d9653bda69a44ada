import { answerOf, type AnyTrigger, decorated } from '@couplet/connector-sdk'
import { z } from 'zod'
import type { Schema } from '../catalogue/facts.ts'
import { vendor } from '../connector.ts'
import { eventKey, isOurs } from '../triggers/webhook-fact.ts'
import type { WebhookEventRow } from '../webhook-event-row.ts'
import { happenedAt, UNNAMED, unwrap } from '../webhooks.ts'
import { eventFacts } from './facts.ts'
import { eventWords, saidInstead } from './words.ts'

const Named = z.object({})
const withOwnAddress = (isUsual: boolean) =>
  z.object({
    ownAddress: z.boolean().default(isUsual).meta({
      title: 'This address gets only this event',
      description: 'What arrives is taken to be this event even when HighLevel does not name it, or names another.',
    }),
  })

const outputSchema = (members: Schema): Schema =>
  decorated({ type: 'object', properties: { locationId: { type: 'string' }, data: members } }, '', 'output')

/** One webhook event as a trigger with typed members; both forms of a body give the same. */
export function eventTrigger(event: WebhookEventRow): AnyTrigger {
  const { wires: _, ...words } = eventWords(event)
  const facts = eventFacts(event.name)
  const said = saidInstead(event)
  const input: z.ZodType<{ ownAddress?: boolean }> = said === undefined ? Named : withOwnAddress(said === UNNAMED)
  return vendor.trigger({
    ...words,
    scopes: event.scopes,
    input,
    output: answerOf(outputSchema(facts?.schema ?? { type: 'object' })),
    samples: [{ locationId: 'LocNorthgateSolar001', data: facts?.sample ?? {} }],
    push: {
      topics: [event.name, ...(said === undefined ? [] : [said])],
      sharedTopics: () => [event.name],
      facts(delivery) {
        if (!isOurs(delivery) || (delivery.topic !== event.name && delivery.input.ownAddress !== true)) return []
        return [
          {
            key: eventKey({ ...delivery, topic: event.name }),
            at: happenedAt(delivery.body, delivery.receivedAt),
            data: { locationId: delivery.connection.locationId, data: unwrap(delivery.body) },
          },
        ]
      },
    },
  })
}
