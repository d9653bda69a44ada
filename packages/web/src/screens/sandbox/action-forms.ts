import { isJsonObject } from '@couplet/core'
import type { Option } from '../../ui/select.tsx'

/** All collections of a simulated vendor. */
export type VendorState = Readonly<Record<string, unknown>>
export type Row = Readonly<Record<string, unknown>>

export type FormField = {
  name: string
  title: string
  /** What it is entered as; a choice has `options` or rows to choose from. */
  kind: 'text' | 'number' | 'yes-no' | 'choice'
  isRequired?: boolean
  hint?: string
  options?: readonly string[]
  /** Rows to choose from, for their id. */
  rows?: (state: VendorState, values: Row) => readonly Option<string>[]
}

const rowsOf = (state: VendorState, name: string): Row[] => {
  const rows = state[name]
  return Array.isArray(rows) ? rows.filter(isJsonObject) : []
}
const textAt = (row: Row, name: string): string => {
  const value = row[name]
  return typeof value === 'string' ? value : ''
}

/** What a record is called by people. */
export function nameOfRow(row: Row): string {
  const texts = isJsonObject(row['texts']) ? row['texts'] : {}
  const named = ['tag', 'name', 'fullName', 'title', 'reference', 'summary', 'email', 'event']
    .map((member) => textAt(row, member))
    .find(Boolean)
  const person = `${textAt(row, 'firstName')} ${textAt(row, 'lastName')}`.trim()
  return (named ?? (person || textAt(texts, 'title') || idOfRow(row))).slice(0, 80)
}
const idOfRow = (row: Row): string => textAt(row, 'id') || textAt(row, '_id') || textAt(row, 'deliveryId')

/** Id → name, over all collections and the stages of pipelines: tables show names where records hold ids. */
export function namesOf(state: VendorState): ReadonlyMap<string, string> {
  const lists = Object.keys(state).map((name) => rowsOf(state, name))
  const stagesOf = rowsOf(state, 'pipelines').map((row) => (Array.isArray(row['stages']) ? row['stages'].filter(isJsonObject) : []))
  return new Map([...lists, ...stagesOf].flat().flatMap((row) => (idOfRow(row) === '' ? [] : [[idOfRow(row), nameOfRow(row)]])))
}

const choiceOf =
  (collection: string, idOf: (row: Row) => string = idOfRow) =>
  (state: VendorState): Option<string>[] => {
    const locations = new Map(rowsOf(state, 'locations').map((row) => [idOfRow(row), nameOfRow(row)]))
    return rowsOf(state, collection).map((row) => ({
      value: idOf(row),
      label: nameOfRow(row),
      hint: locations.get(textAt(row, 'locationId')) ?? (textAt(row, 'status') || undefined),
    }))
  }

const from = (name: string, title: string, collection: string, isRequired = true): FormField => ({
  name,
  title,
  kind: 'choice',
  isRequired,
  rows: choiceOf(collection),
})
const needed = (name: string, title: string, hint?: string): FormField => ({
  name,
  title,
  kind: 'text',
  isRequired: true,
  ...(hint ? { hint } : {}),
})
const optional = (name: string, title: string, hint?: string): FormField => ({ name, title, kind: 'text', ...(hint ? { hint } : {}) })

/** The stages a project can move to: those of its own pipeline, once it is known. */
const stages = (state: VendorState, values: Row): Option<string>[] => {
  const own = rowsOf(state, 'projects').find((row) => idOfRow(row) === values['projectId'])?.['pipelineId']
  const pipelines = rowsOf(state, 'pipelines').filter((row) => own === undefined || idOfRow(row) === own)
  return pipelines.flatMap((pipeline) =>
    Array.isArray(pipeline['stages'])
      ? pipeline['stages']
          .filter(isJsonObject)
          .map((stage) => ({ value: idOfRow(stage), label: nameOfRow(stage), hint: nameOfRow(pipeline) }))
      : [],
  )
}
const token: FormField = {
  name: 'token',
  title: 'Token',
  kind: 'choice',
  isRequired: true,
  rows: (state) =>
    rowsOf(state, 'tokens').map((row) => ({
      value: textAt(row, 'token'),
      label: textAt(row, 'token').slice(0, 48),
      hint: textAt(row, 'kind'),
    })),
}
const location = (isRequired = true) => from('locationId', 'Sub-account', 'locations', isRequired)
const project = (isRequired = true) => from('projectId', 'Project', 'projects', isRequired)
const customer = from('customerId', 'Customer', 'customers')
const account: FormField = {
  name: 'clientId',
  title: 'Account',
  kind: 'choice',
  hint: 'Left out: the first account.',
  rows: (state) =>
    rowsOf(state, 'accounts').map((row) => ({
      value: textAt(row, 'clientId'),
      label: `${textAt(row, 'clientId')} (${textAt(row, 'plan')})`,
    })),
}
const flipbook = (name: string, hint: string): FormField => ({ ...from(name, 'Flipbook', 'flipbooks', false), hint })

/** The forms of the actions people use most; an action that is not here takes JSON. */
const FORMS: Readonly<Record<string, Readonly<Record<string, readonly FormField[]>>>> = {
  highlevel: {
    'create-tag': [location(), needed('tag', 'Tag')],
    'rename-tag': [from('tagId', 'Tag to rename', 'plannerTags'), needed('tag', 'New name')],
    'delete-tag': [from('tagId', 'Tag', 'plannerTags')],
    'create-category': [location(), needed('name', 'Name')],
    'rename-category': [from('categoryId', 'Category', 'categories'), needed('name', 'New name')],
    'publish-post': [from('postId', 'Post', 'posts')],
    'fail-post': [from('postId', 'Post', 'posts'), optional('error', 'Error', 'Left out: “Failed due to auth token”.')],
    'expire-account': [from('accountId', 'Social account', 'accounts')],
    'revoke-token': [token],
    'expire-tokens': [location(false)],
    'suspend-location': [location(), { name: 'isSuspended', title: 'Suspended', kind: 'yes-no' }],
    'install-app': [location()],
    'uninstall-app': [location()],
    'set-rate-counters': [
      token,
      { name: 'used', title: 'Used in this burst', kind: 'number' },
      { name: 'usedToday', title: 'Used today', kind: 'number' },
    ],
    'set-webhook-url': [
      needed('url', 'URL', 'Shown by the flow whose trigger listens.'),
      optional('event', 'Event', 'Left out: the default for all events.'),
    ],
    'resend-webhook': [{ ...from('deliveryId', 'Delivery', 'deliveries') }],
    'seed-bulk': [
      { name: 'locations', title: 'Sub-accounts', kind: 'number', hint: 'Left out: 200.' },
      { name: 'tagsPerLocation', title: 'Tags in each', kind: 'number', hint: 'Left out: 500.' },
    ],
    'webhook-keys': [],
  },
  heyzine: {
    'set-plan': [
      { name: 'plan', title: 'Plan', kind: 'choice', isRequired: true, options: ['free', 'standard', 'professional', 'premium'] },
      account,
    ],
    'enable-replace': [{ name: 'isEnabled', title: 'Enabled', kind: 'yes-no' }, account],
    'set-white-label': [needed('host', 'Host'), account],
    'set-leads-url': [
      needed('url', 'URL', 'Shown by the flow whose trigger listens.'),
      { name: 'everyMinutes', title: 'Minutes between batches', kind: 'number', hint: 'Left out: at once.' },
      account,
    ],
    'submit-lead': [
      flipbook('flipbookId', 'Left out: the first.'),
      optional('name', 'Name', 'Left out: Ann Lee.'),
      optional('email', 'E-mail', 'Left out: ann@example.com.'),
      account,
    ],
    'resend-leads': [account],
    'evict-flipbook': [flipbook('id', 'Left out: the oldest.'), account],
    'create-bookshelf': [needed('title', 'Title'), account],
    'reset-key': [account],
    'edit-flipbook': [
      flipbook('id', 'Left out: the first.'),
      optional('title', 'Title'),
      optional('subtitle', 'Subtitle'),
      optional('description', 'Description'),
      optional('tags', 'Tags', 'Divided by commas.'),
      account,
    ],
  },
  payaca: {
    'delete-webhook': [from('id', 'Webhook', 'webhooks')],
    'move-project': [project(), { name: 'stage', title: 'To the stage', kind: 'choice', isRequired: true, rows: stages }],
    'pay-invoice': [project(false)],
    'schedule-event': [project(false)],
    'add-customer-tag': [customer, needed('tag', 'Tag')],
    'remove-customer-tag': [customer, needed('tag', 'Tag')],
    'fire-webhook': [
      {
        name: 'event',
        title: 'Event',
        kind: 'choice',
        options: ['project.pipelineStageChanged', 'invoice.fullyPaid', 'scheduledEvent.created'],
      },
      { name: 'mode', title: 'How', kind: 'choice', options: ['once', 'duplicate', 'late', 'reordered', 'forged'] },
      project(false),
    ],
  },
}

export const formOf = (vendor: string, action: string): readonly FormField[] | undefined => FORMS[vendor]?.[action]

export type QuickAction = {
  action: string
  /** On the button. */
  label: string
  /** Which input the row fills, and which fields start with what the row says. */
  given: (row: Row) => Record<string, unknown>
  starts?: (row: Row) => Record<string, unknown>
  isPossible?: (row: Row) => boolean
}

const textsOf = (row: Row): Record<string, unknown> => {
  const texts = isJsonObject(row['texts']) ? row['texts'] : {}
  return Object.fromEntries(['title', 'subtitle', 'tags'].flatMap((name) => (texts[name] ? [[name, texts[name]]] : [])))
}

/** What people do with a record of a collection, the usual one first. */
const QUICK: Readonly<Record<string, Readonly<Record<string, readonly QuickAction[]>>>> = {
  highlevel: {
    plannerTags: [
      { action: 'rename-tag', label: 'Rename', given: (row) => ({ tagId: idOfRow(row) }), starts: (row) => ({ tag: row['tag'] }) },
      { action: 'delete-tag', label: 'Delete', given: (row) => ({ tagId: idOfRow(row) }), isPossible: (row) => row['deleted'] !== true },
    ],
    categories: [
      {
        action: 'rename-category',
        label: 'Rename',
        given: (row) => ({ categoryId: idOfRow(row) }),
        starts: (row) => ({ name: row['name'] }),
      },
    ],
    posts: [
      {
        action: 'publish-post',
        label: 'Publish',
        given: (row) => ({ postId: idOfRow(row) }),
        isPossible: (row) => row['status'] !== 'published',
      },
      { action: 'fail-post', label: 'Let fail', given: (row) => ({ postId: idOfRow(row) }) },
    ],
    accounts: [
      {
        action: 'expire-account',
        label: 'Expire',
        given: (row) => ({ accountId: idOfRow(row) }),
        isPossible: (row) => row['isExpired'] !== true,
      },
    ],
    locations: [
      { action: 'create-tag', label: 'Add tag', given: (row) => ({ locationId: idOfRow(row) }) },
      {
        action: 'suspend-location',
        label: 'Suspend',
        given: (row) => ({ locationId: idOfRow(row) }),
        starts: () => ({ isSuspended: true }),
      },
    ],
    deliveries: [{ action: 'resend-webhook', label: 'Send again', given: (row) => ({ deliveryId: row['deliveryId'] }) }],
  },
  heyzine: {
    flipbooks: [
      {
        action: 'submit-lead',
        label: 'Submit lead',
        given: (row) => ({ flipbookId: idOfRow(row), clientId: row['clientId'] }),
        starts: () => ({ name: 'Ann Lee', email: 'ann@example.com' }),
      },
      { action: 'edit-flipbook', label: 'Edit texts', given: (row) => ({ id: idOfRow(row), clientId: row['clientId'] }), starts: textsOf },
      { action: 'evict-flipbook', label: 'Evict', given: (row) => ({ id: idOfRow(row), clientId: row['clientId'] }) },
    ],
    accounts: [
      {
        action: 'set-plan',
        label: 'Change plan',
        given: (row) => ({ clientId: row['clientId'] }),
        starts: (row) => ({ plan: row['plan'] }),
      },
      { action: 'set-leads-url', label: 'Set leads webhook', given: (row) => ({ clientId: row['clientId'] }) },
      { action: 'reset-key', label: 'Reset key', given: (row) => ({ clientId: row['clientId'] }) },
    ],
  },
  payaca: {
    customers: [
      { action: 'add-customer-tag', label: 'Add tag', given: (row) => ({ customerId: idOfRow(row) }) },
      { action: 'remove-customer-tag', label: 'Remove tag', given: (row) => ({ customerId: idOfRow(row) }) },
    ],
    projects: [
      {
        action: 'move-project',
        label: 'Move',
        given: (row) => ({ projectId: idOfRow(row) }),
        starts: (row) => ({ stage: row['stageId'] }),
      },
      { action: 'pay-invoice', label: 'Pay invoice', given: (row) => ({ projectId: idOfRow(row) }) },
      { action: 'schedule-event', label: 'Book event', given: (row) => ({ projectId: idOfRow(row) }) },
    ],
    webhooks: [{ action: 'delete-webhook', label: 'Delete', given: (row) => ({ id: idOfRow(row) }) }],
  },
}

export const quickActionsOf = (vendor: string, collection: string): readonly QuickAction[] => QUICK[vendor]?.[collection] ?? []
export const isPossibleOn = (quick: QuickAction, row: Row): boolean => quick.isPossible?.(row) ?? true
