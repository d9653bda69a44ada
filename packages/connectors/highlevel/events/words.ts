import type { TriggerWords, VendorFact } from '@couplet/connector-sdk'
import { capital } from '../catalogue/modules.ts'
import { NEEDS_APP } from '../triggers/webhook-fact.ts'
import type { WebhookEventRow } from '../webhook-event-row.ts'
import { WEBHOOK_EVENTS } from '../webhook-events.ts'
import { UNNAMED } from '../webhooks.ts'

const PREFIX = 'highlevel.event.'

/** Events Couplet has a finished trigger for, with its id: they are not listed twice. */
const FINISHED: Readonly<Record<string, string>> = {
  ContactCreate: 'highlevel.contact.created',
  ContactDelete: 'highlevel.contact.deleted',
  ContactDndUpdate: 'highlevel.contact.dnd-updated',
  ContactTagUpdate: 'highlevel.contact.tag-updated',
  ContactUpdate: 'highlevel.contact.updated',
  OpportunityCreate: 'highlevel.opportunity.created',
}

/** Events whose published example names another event (CONFIRMED). */
const MISNAMED: Readonly<Record<string, string>> = { AppointmentDelete: 'AppointmentCreate', AppointmentUpdate: 'AppointmentCreate' }

/** What stands in a body instead of the event's own name, as far as its page shows; `undefined` when it carries its name. */
export const saidInstead = (event: WebhookEventRow): string | undefined =>
  MISNAMED[event.name] ?? (event.nameInBody === undefined ? UNNAMED : undefined)

const misnamed = (event: WebhookEventRow): VendorFact[] => {
  const said = MISNAMED[event.name]
  const text = `HighLevel's example of this event carries the name ${said ?? ''}. If yours does too, give it an address of its own and say so here.`
  return said === undefined ? [] : [{ mark: 'CONFIRMED', text }]
}

const NAMELESS: VendorFact = {
  mark: 'CONFIRMED',
  text: 'The body of this event carries no name: give it an address of its own in the app. Whatever arrives there is taken to be this event.',
}
const FORMS: VendorFact = { mark: 'CONFIRMED', text: 'HighLevel sends its members side by side or under "data"; both are understood.' }
const UNSURE: VendorFact = {
  mark: 'REPORTED',
  text: "The members are those of HighLevel's pages, which lag behind its service: more may come, and some may be missing.",
}

const kebab = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()

const idOf = (event: WebhookEventRow): `${string}.${string}` => `${PREFIX}${kebab(event.name)}`

/** The event of a trigger's id; also of those that are not listed, so that a flow may name them. */
export const eventOf = (id: string): WebhookEventRow | undefined => WEBHOOK_EVENTS.find((event) => idOf(event) === id)

/** `an invoice is paid in part` as `Invoice paid in part`. */
const titleOf = (phrase: string): string => capital(phrase.replace(/^(an?|the) /, '').replace(/ (is|are) /, ' '))

/** An event in the words of a list. */
export function eventWords(event: WebhookEventRow): TriggerWords {
  const use = FINISHED[event.name]
  return {
    id: idOf(event),
    version: 1,
    kind: 'trigger',
    connector: 'highlevel',
    title: titleOf(event.title),
    summary: `Starts when ${event.title}, with what HighLevel sends about it.`,
    phrase: `${event.title} in {connection}`,
    group: `Events: ${event.group}`,
    facts: [NEEDS_APP, FORMS, UNSURE, ...(event.nameInBody === undefined ? [NAMELESS] : []), ...misnamed(event)],
    scopes: event.scopes,
    wires: ['webhook'],
    ...(use === undefined ? {} : { deprecated: { use, since: '0.1.0' } }),
  }
}

export const listedEvents = (): TriggerWords[] => WEBHOOK_EVENTS.filter(({ name }) => !(name in FINISHED)).map(eventWords)
