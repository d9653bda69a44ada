import { type Choice, memberAt } from '@couplet/connector-sdk'
import { vendor } from '../connector.ts'
import { givenOf } from './choice-of.ts'
import { indexRows } from './load.ts'
import { readListPage } from './read-list.ts'

/** A choice list read through a list operation of the vendor. */
type Source = {
  operation: string
  /** Members that name an item, the first that is filled in wins. */
  label: readonly string[]
  /** Member that is stored; without it `id`, else `_id`. */
  value?: string
  hint?: string
  /** Member that is the same for the same thing in every sub-account. */
  key?: string
  /** Items of this member of each item are the choices: the stages of pipelines. */
  inner?: string
  /** Parameters that are always sent. `now` stands for the present moment in epoch ms. */
  parameters?: (now: number) => Readonly<Record<string, unknown>>
}

const DAY_MS = 86_400_000
const NAMED = ['name', 'title']

const source = (operation: string, more: Partial<Source> = {}): Source => ({ operation, label: NAMED, ...more })
/** Thirty days to either side. */
const aroundNow = (now: number) => ({ startTime: String(now - 30 * DAY_MS), endTime: String(now + 30 * DAY_MS) })

/** Custom fields of one kind of record: by id as most calls name them, or by the key that is the same in every sub-account. */
const fieldsOf = (model: 'contact' | 'opportunity') =>
  source('locations.get-custom-fields', { hint: 'fieldKey', key: 'fieldKey', parameters: () => ({ model }) })
const fieldKeysOf = (model: 'contact' | 'opportunity') => ({ ...fieldsOf(model), value: 'fieldKey' })

/** Every list of choices that is read through the catalogue, by its name. */
const SOURCES: Readonly<Record<string, Source>> = {
  affiliates: source('affiliate-manager.list-affiliates', { label: ['name', 'firstName', 'email'] }),
  appointments: source('calendars.get-calendar-events', { hint: 'startTime', parameters: aroundNow }),
  'blog-authors': source('blogs.get-all-blog-authors-by-location', { value: '_id' }),
  'blog-categories': source('blogs.get-all-categories-by-location', { label: ['label', 'name'], value: '_id' }),
  'blog-posts': source('blogs.get-blog-post', { label: ['title'], value: '_id' }),
  blogs: source('blogs.get-blogs', { value: '_id' }),
  bookings: source('calendars.get-service-bookings', { label: ['title', 'name', 'startTime'], value: 'bookingId', parameters: aroundNow }),
  'brand-boards': source('brand-boards.get-brand-boards-by-location'),
  'brand-voices': source('brand-boards.list-brand-voices'),
  businesses: source('businesses.get-businesses-by-location'),
  calendars: source('calendars.get-calendars'),
  'calendar-groups': source('calendars.get-groups'),
  'calendar-schedules': source('calendars.get-all-schedules', {}),
  campaigns: source('campaigns.get-campaigns'),
  'contact-notes': source('contacts.get-all-notes', { label: ['title', 'bodyText', 'body'] }),
  'contact-tasks': source('contacts.get-all-tasks', { label: ['title', 'body'] }),
  'contact-fields': fieldsOf('contact'),
  'contact-field-keys': fieldKeysOf('contact'),
  conversations: source('conversations.search-conversation', { label: ['contactName', 'fullName', 'email', 'lastMessageBody'] }),
  'conversation-agents': source('conversation-ai.search-agent'),
  coupons: source('payments.list-coupons', { label: ['name', 'code'], value: '_id' }),
  'custom-fields': source('locations.get-custom-fields', { hint: 'fieldKey', key: 'fieldKey' }),
  'custom-menus': source('custom-menus.get-custom-menus'),
  'custom-values': source('locations.get-custom-values', { hint: 'value' }),
  documents: source('proposals.list-documents-contracts', { value: '_id' }),
  'document-templates': source('proposals.list-documents-contracts-templates', { value: '_id' }),
  'email-campaigns': source('emails.list-email-campaigns'),
  'email-templates': source('emails.list-email-templates'),
  estimates: source('invoices.list-estimates', { label: ['name', 'title', 'estimateNumber'], value: '_id' }),
  'estimate-templates': source('invoices.list-estimate-templates', { value: '_id' }),
  forms: source('forms.get-forms'),
  funnels: source('funnels.get-funnels', { value: '_id' }),
  invoices: source('invoices.list-invoices', { label: ['name', 'invoiceNumber'], hint: 'status', value: '_id' }),
  'invoice-schedules': source('invoices.list-invoice-schedules', { value: '_id' }),
  'invoice-templates': source('invoices.list-invoice-templates', { value: '_id' }),
  'knowledge-bases': source('knowledge-base.list-all-knowledge-bases-paginated'),
  'lost-reasons': source('opportunities.get-lost-reason'),
  'media-files': source('medias.fetch-media-content', { parameters: () => ({ sortBy: 'createdAt', sortOrder: 'desc', type: 'file' }) }),
  'media-folders': source('medias.fetch-media-content', { parameters: () => ({ sortBy: 'createdAt', sortOrder: 'desc', type: 'folder' }) }),
  'message-templates': source('locations.get-all-or-email-sms-templates', { parameters: () => ({ originId: '' }) }),
  'number-pools': source('phone-system.get-number-pool-list'),
  objects: source('objects.get-object-by-location-id', { value: 'key', label: ['labels.plural', 'labels.singular', 'key'] }),
  opportunities: source('opportunities.search-opportunity', { hint: 'status' }),
  'opportunity-fields': fieldsOf('opportunity'),
  'opportunity-field-keys': fieldKeysOf('opportunity'),
  orders: source('payments.list-orders', { label: ['contactName', 'sourceName', '_id'], hint: 'status', value: '_id' }),
  'phone-numbers': source('phone-system.active-numbers', {
    label: ['friendlyName', 'phoneNumber'],
    value: 'phoneNumber',
    hint: 'phoneNumber',
  }),
  pipelines: source('opportunities.get-pipelines'),
  'pipeline-stages': source('opportunities.get-pipelines', { inner: 'stages' }),
  prices: source('products.list-prices-for-product', { hint: 'amount', value: '_id' }),
  products: source('products.list-invoices', { hint: 'productType', value: '_id' }),
  'product-collections': source('products.get-product-collection', { value: '_id' }),
  'product-reviews': source('products.get-product-reviews', { label: ['headline', 'comment'], value: '_id' }),
  queues: source('social-media-posting.fetch-queues', { label: ['category.name', 'categoryId'], hint: 'status', value: '_id' }),
  'queue-items': source('social-media-posting.fetch-queue-items', { label: ['payload.summary', '_id'], value: '_id' }),
  redirects: source('funnels.fetch-redirects-list', { label: ['path', 'domain'] }),
  'service-locations': source('calendars.get-service-locations'),
  services: source('calendars.get-services-catalog'),
  'shipping-carriers': source('store.list-shipping-carriers', { value: '_id' }),
  'shipping-rates': source('store.list-shipping-rates', { value: '_id' }),
  'shipping-zones': source('store.list-shipping-zones', { value: '_id' }),
  snapshots: source('snapshots.get-custom-snapshots'),
  'studio-agents': source('agent-studio.get-agents', { value: 'agentId' }),
  subscriptions: source('payments.list-subscriptions', { label: ['contactName', 'entitySourceName', '_id'], hint: 'status', value: '_id' }),
  surveys: source('surveys.get-surveys'),
  transactions: source('payments.list-transactions', { label: ['contactName', 'entitySourceName', '_id'], hint: 'amount', value: '_id' }),
  'trigger-links': source('links.get-links', { hint: 'redirectTo' }),
  'voice-agents': source('voice-ai.get-agents', { label: ['agentName', 'name'] }),
  workflows: source('workflows.get-workflow', { hint: 'status' }),
}

const PAGES_MAX = 20
const ROWS_MAX = 500
/** What vendors call the parameter that searches. */
const SEARCHES = ['query', 'search', 'searchTerm', 'name']

const textAt = (item: unknown, path: string): string | undefined => {
  const value = memberAt(item, path)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const firstText = (item: unknown, paths: readonly string[]): string | undefined =>
  paths.map((path) => textAt(item, path)).find((text) => text !== undefined)

function choiceOf(item: unknown, { label, value, hint, key }: Source): Choice[] {
  const stored = value === undefined ? firstText(item, ['id', '_id']) : firstText(item, [value, 'id', '_id'])
  if (stored === undefined) return []
  const shown = firstText(item, label) ?? stored
  const beside = hint === undefined ? undefined : textAt(item, hint)
  const same = key === undefined ? undefined : textAt(item, key)
  return [
    {
      value: stored,
      label: shown,
      ...(beside === undefined || beside === shown ? {} : { hint: beside }),
      ...(same === undefined ? {} : { key: same }),
    },
  ]
}

const listOf = (name: string, from: Source) =>
  vendor.list({
    get scopes() {
      return indexRows().get(from.operation)?.scopes ?? []
    },
    given: givenOf(name),
    async rows(call) {
      const { search, ...siblings } = call.input
      const wanted = typeof search === 'string' ? search.trim() : ''
      const parameters = {
        ...from.parameters?.(call.clock.now()),
        ...Object.fromEntries(givenOf(name).map((member) => [member, siblings[member]])),
        ...(wanted === '' ? {} : Object.fromEntries(SEARCHES.map((member) => [member, wanted]))),
      }
      const rows: Choice[] = []
      let cursor: string | undefined
      for (let page = 0; page < PAGES_MAX && rows.length < ROWS_MAX; page++) {
        const read = await readListPage(call, { operation: from.operation, parameters }, cursor)
        rows.push(
          ...read.items.flatMap((item) => innerOf(item, from, siblings[givenOf(name)[0] ?? ''])).flatMap((item) => choiceOf(item, from)),
        )
        if (read.next === undefined) break
        cursor = read.next
      }
      // Where the vendor's list takes no search, it is narrowed here.
      const found = rows.filter(({ value, label }) => `${label} ${value}`.toLowerCase().includes(wanted.toLowerCase()))
      return [...new Map(found.map((row) => [row.value, row])).values()]
    },
  })

/** The item itself, or the items it holds, those of the chosen one where one was chosen. */
function innerOf(item: unknown, { inner }: Source, chosen: unknown): readonly unknown[] {
  if (inner === undefined) return [item]
  if (typeof chosen === 'string' && chosen !== '' && textAt(item, 'id') !== chosen) return []
  const found = memberAt(item, inner)
  return Array.isArray(found) ? found : []
}

/** The lists as the connector offers them; no file is read until one of them is asked for. */
export const catalogueLists = Object.fromEntries(Object.entries(SOURCES).map(([name, from]) => [name, listOf(name, from)]))
