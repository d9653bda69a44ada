import type { ModuleFacts, OperationFacts, Schema } from '../packages/connectors/highlevel/catalogue/facts.ts'
import { flat } from '@couplet/connector-sdk'
import { inlined } from '../packages/connectors/highlevel/catalogue/inline.ts'

type Schemas = ModuleFacts['schemas']

/** Operations that answer like another one of their module, by the contract. */
const LIKE: Readonly<Record<string, string>> = {
  'contacts.search-contacts-advanced': 'contacts.get-contacts',
  'contacts.get-duplicate-contact': 'contacts.get-contact',
}

const DONE: Schema = { type: 'object', properties: { success: { type: 'boolean' }, message: { type: 'string' } } }
const OPEN: Schema = { type: 'object', properties: { success: { type: 'boolean' }, message: { type: 'string' }, data: {} } }

const listOf = (items: Schema): Schema => ({ type: 'array', items })
const FILE = {
  type: 'object',
  properties: Object.fromEntries(['_id', 'id', 'name', 'url', 'path', 'parentId'].map((name) => [name, { type: 'string' }])),
}
const FUNNEL = {
  type: 'object',
  properties: Object.fromEntries(['_id', 'name', 'type', 'url', 'locationId'].map((name) => [name, { type: 'string' }])),
}

const STAGE = { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' }, position: { type: 'number' } } }
const PIPELINE = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    locationId: { type: 'string' },
    stages: listOf(STAGE),
    showInFunnel: { type: 'boolean' },
    showInPieChart: { type: 'boolean' },
  },
}
const listIn = (member: string, total: string, item: Schema): Schema => ({
  type: 'object',
  properties: { [member]: listOf(item), [total]: { type: 'number' }, traceId: { type: 'string' } },
})

/** Answers the vendor's file describes otherwise than they come, by the contract and by its own samples. */
const CORRECTED: Readonly<Record<string, (declared: Schema, replyOf: (id: string) => Schema) => Schema>> = {
  'invoices.list-estimates': (_declared, replyOf) => listIn('estimates', 'total', replyOf('invoices.create-new-estimate')),
  'invoices.list-estimate-templates': (_declared, replyOf) => listIn('data', 'totalCount', replyOf('invoices.create-estimate-template')),
  'opportunities.get-pipelines': () => listIn('pipelines', 'total', PIPELINE),
  'conversations.get-messages': (declared) => ({ type: 'object', properties: { messages: declared } }),
  'funnels.get-funnels': () => ({
    type: 'object',
    properties: { funnels: listOf(FUNNEL), count: { type: 'number' }, traceId: { type: 'string' } },
  }),
  'medias.fetch-media-content': () => ({ type: 'object', properties: { files: listOf(FILE) }, required: ['files'] }),
}

/** The path up to its last value: what a record and the changes of it have in common. */
const recordOf = ({ path }: OperationFacts): string => path.replace(/\/$/, '').replace(/\/\{[^}]*\}$/, '')

/**
 * What is assumed where the vendor's file leaves the answer open: that of the operation it is known to be like, else, for one record, what is
 * written about it, with an id; else an object of which only the usual members are known. Marked, so that nobody takes it for the vendor's word.
 */
export function supplyReplies(operations: readonly OperationFacts[], schemas: Schemas): OperationFacts[] {
  return operations.map((operation) => {
    if (operation.reply === undefined) return { ...operation, reply: assumedReply(operation, operations, schemas), isReplyAssumed: true }
    const corrected = CORRECTED[operation.id]
    return corrected
      ? {
          ...operation,
          reply: corrected(operation.reply, (id) => operations.find((one) => one.id === id)?.reply ?? {}),
          isReplyAssumed: true,
        }
      : operation
  })
}

function assumedReply(operation: OperationFacts, all: readonly OperationFacts[], schemas: Schemas): Schema {
  const like = all.find(({ id }) => id === LIKE[operation.id])?.reply
  if (like !== undefined) return like
  if (operation.method === 'DELETE') return DONE
  const written = operation.method === 'GET' ? writerOf(operation, all) : operation
  const body = written?.effect !== 'read' && written?.body?.type === 'json' ? flat(inlined(written.body.schema, schemas)) : undefined
  if (body === undefined || Object.keys(body.properties).length === 0) return operation.method === 'GET' ? OPEN : DONE
  return { type: 'object', properties: { id: { type: 'string' }, ...body.properties } }
}

/** The operation that writes the record this one reads. */
function writerOf(operation: OperationFacts, all: readonly OperationFacts[]): OperationFacts | undefined {
  if (!operation.path.replace(/\/$/, '').endsWith('}')) return undefined
  const beside = all.filter((other) => other !== operation && recordOf(other) === recordOf(operation))
  return beside.find(({ method }) => method === 'PUT' || method === 'PATCH') ?? beside.find(({ method }) => method === 'POST')
}
