import type { PagingStyle } from '@couplet/connector-sdk'
import type { Method, Parameter, Schema } from './facts.ts'

type Asked = {
  id: string
  method: Method
  path: string
  parameters: readonly Parameter[]
  body: Schema | undefined
  reply: Schema | undefined
}

/** Lists whose form the vendor's files leave open or get wrong, by operation; from the contract, sections 3, 4, 8 and 11. */
const KNOWN: Readonly<Record<string, { items: string; paging: PagingStyle } | 'no list'>> = {
  'contacts.search-contacts-advanced': { items: 'contacts', paging: 'search-after' },
  'social-media-posting.get-upload-status': { items: 'results.csvs', paging: 'skip-limit' },
  'social-media-posting.get-account': { items: 'results.accounts', paging: 'single' },
  'social-media-posting.get-csv-post': { items: 'results.posts', paging: 'skip-limit' },
  'social-media-posting.fetch-available-categories': { items: 'results.categories', paging: 'skip-limit' },
  'social-media-posting.fetch-queues': { items: 'results.queues', paging: 'skip-limit' },
  'social-media-posting.fetch-queue-items': { items: 'results.items', paging: 'skip-limit' },
  'social-media-posting.fetch-slots': { items: 'results.slots', paging: 'skip-limit' },
  'social-media-posting.fetch-calendar-list': { items: 'results.scheduledPosts', paging: 'single' },
  'social-media-posting.fetch-edit-session-calendar': { items: 'results.scheduledPosts', paging: 'single' },
  'social-media-posting.get-comment-list': { items: 'results.comments', paging: 'skip-limit' },
  'social-media-posting.get-social-media-statistics': 'no list',
  'conversations.get-messages': { items: 'messages.messages', paging: 'last-message-id' },
  'conversation-ai.get-generation-details': 'no list',
  'funnels.get-funnels': { items: 'funnels', paging: 'offset-limit' },
  'funnels.fetch-redirects-list': { items: 'data.data', paging: 'offset-limit' },
  'knowledge-base.list-all-knowledge-bases-paginated': { items: 'data.knowledgeBases', paging: 'single' },
  'knowledge-base.get-crawling-status-for-latest-operation': 'no list',
  'calendars.get-slots': 'no list',
  'locations.task-search': { items: 'tasks', paging: 'skip-limit' },
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const membersOf = (schema: Schema | undefined): Record<string, unknown> => (isObject(schema?.['properties']) ? schema['properties'] : {})
/** Of a list that has pages, whatever its items are typed as: the vendor types some as text. */
const isListOf = (schema: unknown, isPaged: boolean): boolean => {
  if (!isObject(schema) || schema['type'] !== 'array') return false
  if (isPaged) return true
  const items = isObject(schema['items']) ? schema['items'] : {}
  return items['type'] === 'object' || Object.keys(items).length === 0 || items['anyOf'] !== undefined
}

/** Members that come with a list and are none themselves. */
const BESIDE = new Set(['aggregations', 'folders', 'errors', 'total', 'addOns'])
/** Envelopes a list may lie in. */
const ENVELOPES = ['results', 'data', 'response', 'result']

type ListFacts = { items: string; paging: PagingStyle; itemId?: string }

/** Where the items are in an answer, what tells them apart, and how the list goes on; `undefined` for what is no list. */
export function listFacts(asked: Asked): ListFacts | undefined {
  const list = plainListFacts(asked)
  const itemId = list && itemIdIn(asked.reply, list.items)
  return list && { ...list, ...(itemId === undefined ? {} : { itemId }) }
}

/** Ids of other records that items hold. */
const OTHERS = new Set(['locationId', 'companyId', 'contactId', 'userId', 'altId', 'parentId', 'createdBy', 'traceId', 'appId', 'queueId'])

/** The member that holds an item's id where that is neither `id` nor `_id`: one that ends so, else a key. */
function itemIdIn(reply: Schema | undefined, path: string): string | undefined {
  let list: unknown = reply
  for (const name of path === '' ? [] : path.split('.')) list = isObject(list) ? membersOf(list)[name] : undefined
  const members = membersOf(isObject(list) && isObject(list['items']) ? list['items'] : undefined)
  if ('id' in members || '_id' in members) return undefined
  const names = Object.keys(members)
  return names.find((name) => name.endsWith('Id') && !OTHERS.has(name)) ?? names.find((name) => /^(key|phoneNumber|url)$/.test(name))
}

function plainListFacts(asked: Asked): ListFacts | undefined {
  const known = KNOWN[asked.id]
  if (known !== undefined) return known === 'no list' ? undefined : known
  const paging = pagingOf(asked)
  const isOne = asked.path.replace(/\/$/, '').endsWith('}') && paging === undefined
  if (isOne) return undefined
  const items = itemsIn(asked.reply, paging !== undefined)
  return items === undefined ? undefined : { items, paging: paging ?? 'single' }
}

function itemsIn(reply: Schema | undefined, isPaged: boolean): string | undefined {
  if (isListOf(reply, isPaged)) return ''
  const members = membersOf(reply)
  // A record that holds lists of its own is no list.
  if (!isPaged && ('_id' in members || 'id' in members)) return undefined
  const own = Object.keys(members).filter((name) => !BESIDE.has(name) && isListOf(members[name], isPaged))
  if (own[0] !== undefined) return own[0]
  for (const envelope of ENVELOPES) {
    const inner = membersOf(isObject(members[envelope]) ? members[envelope] : undefined)
    if (!isPaged && ('_id' in inner || 'id' in inner)) continue
    const found = Object.keys(inner).find((name) => !BESIDE.has(name) && isListOf(inner[name], isPaged))
    if (found !== undefined) return `${envelope}.${found}`
  }
  return undefined
}

/** Read off the names of the parameters and members of the body; the more telling names first. */
function pagingOf(asked: Asked): PagingStyle | undefined {
  const names = new Set([
    ...asked.parameters.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
    ...Object.keys(membersOf(asked.body)),
  ])
  if (names.has('pageToken')) return 'page-token'
  if (names.has('searchAfter')) return 'search-after'
  if (names.has('startAfter') && names.has('startAfterId')) return 'start-after'
  if (names.has('startAfterDate')) return 'start-after-date'
  if (names.has('lastMessageId')) return 'last-message-id'
  if (names.has('cursor')) return 'cursor'
  if (names.has('skip') && names.has('limit')) return 'skip-limit'
  if (names.has('offset') && names.has('limit')) return 'offset-limit'
  if (names.has('page') && names.has('pageSize')) return 'page-page-size'
  if (names.has('page') && names.has('limit')) return 'page-limit'
  return names.has('page') ? 'page' : undefined
}
