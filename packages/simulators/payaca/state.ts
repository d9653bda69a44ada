import type { SimulatorContext } from '../frame/simulator.ts'
import type { PayacaSettings } from './settings.ts'

export type Contact = {
  id: string
  fullName: string
  email: string | null
  phoneNumber: string | null
  description: string | null
  isPrimaryContact: boolean
}

type AccessContact = { fullName: string | null; email: string | null; phoneNumber: string | null; description: string | null }

/** Flat, as answers show it; requests nest the lines under `address`. */
export type Address = {
  id: string
  line1: string
  line2: string | null
  city: string | null
  postcode: string | null
  country: string | null
  regionallyUniqueIdentifier: string | null
  accessContacts: AccessContact[]
  isBillingAddress: boolean
}
export type SiteAddress = Omit<Address, 'id' | 'accessContacts' | 'isBillingAddress'>

export type Customer = {
  id: string
  name: string | null
  contacts: Contact[]
  addresses: Address[]
  tags: string[]
  customFields: Record<string, unknown>
  createdAt: number
}

export type Project = {
  id: string
  reference: string
  customerId: string
  pipelineId: string
  stageId: string
  tags: string[]
  assignedTo: string | null
  notes: string[]
  customFields: Record<string, unknown>
  siteAddress: SiteAddress | null
  createdAt: number
}

export type Pipeline = { id: string; title: string; stages: { id: string; title: string }[] }
export type User = { id: string; fullName: string; email: string }
type TaxRate = { id: string; name: string; percentage: number }

export type FieldDefinition = {
  type: 'textarea' | 'text' | 'email' | 'url' | 'boolean' | 'number' | 'select' | 'fieldset'
  identifier: string
  label: string
  exampleValue: unknown
  /** A JSON Schema 2020-12 document as text (CONFIRMED). */
  schema: string
  options?: string[]
  children?: FieldDefinition[]
}
export type FieldRole = 'project' | 'customer'

export const WEBHOOK_EVENTS = ['project.pipelineStageChanged', 'invoice.fullyPaid', 'scheduledEvent.created'] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

export type Webhook = { id: string; name: string; url: string; events: WebhookEvent[]; secret: string; createdAt: number }

export type WebhookDelivery = {
  id: string
  webhookId: string
  event: WebhookEvent
  body: string
  /** Signed with another key: what an attacker would send. */
  isForged: boolean
  attempts: { at: string; status: number | null; error: string | null }[]
  state: 'pending' | 'delivered' | 'refused' | 'given-up'
  /** Epoch ms of the next attempt; null when finished. */
  nextAt: number | null
}

export type PayacaState = {
  credentials: { clientId: string; clientSecret: string }[]
  customers: Customer[]
  projects: Project[]
  pipelines: Pipeline[]
  users: User[]
  customFields: Record<FieldRole, FieldDefinition[]>
  taxRates: TaxRate[]
  /** Every tag name that exists, as first written. */
  tagNames: string[]
  webhooks: Webhook[]
  deliveries: WebhookDelivery[]
  /** Makes ids distinct. */
  sequence: number
}

export type PayacaContext = SimulatorContext<PayacaState, PayacaSettings>

/** The assumptions that strict mode turns off (contract, "Strict switch"). */
type StrictOff = 'tagRemovalByApi' | 'projectRetags' | 'customerFieldDefinitions' | 'webhookBackoff'
export const assumes = (context: PayacaContext, key: StrictOff): boolean => !context.isStrict() && context.setting(key)

export function nextId(state: PayacaState, prefix: string): string {
  state.sequence += 1
  return `${prefix}${state.sequence}`
}
