import { userFault } from '@couplet/core'
import { type AnyOperation, type Choice, type Connector, registryOf, searchCatalogue } from '@couplet/connector-sdk'
import { FORMULA_FUNCTIONS, flowJsonSchema, operationsUsed } from '@couplet/flow'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { readDefinition } from '../views/flow-view.ts'
import { operationDetail, operationSummary, requestOf } from '../views/operation-view.ts'
import { formOf } from '../views/trigger-view.ts'
import { callOutsideRuns, openConnection } from './connection-call.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf } from './ids.ts'
import { parseInput, tryOperation } from './try-operation.ts'

const CHOICES_MAX = 2_000

export function catalogueHandlers(parts: ServerParts): Handlers['catalogue'] {
  const { registry, store } = parts.engine
  /** What this workspace may see: not what others imported. */
  const visible = (context: RequestContext) => registryOf(registry, workspaceOf(context))
  /** An operation with the versions there are of it, newest first. Throws `operation.not_found`. */
  const find = (context: RequestContext, id: string, version: number | undefined): { operation: AnyOperation; versions: number[] } => {
    const owner = visible(context).connectors.find(({ spec }) => id.startsWith(`${spec.id}.`))
    const made: AnyOperation[] = [...(owner?.triggers ?? []), ...(owner?.actions ?? []), ...(owner?.superseded ?? [])].filter(
      (operation) => operation.id === id,
    )
    const newest = version ?? owner?.lazy?.words().find((words) => words.id === id)?.version ?? 1
    const lazy = made.length === 0 && owner ? (registry.action(id, newest) ?? registry.trigger(id, newest)) : undefined
    const all = [...made, ...(lazy ? [lazy] : [])].toSorted((left, right) => right.version - left.version)
    const operation = version === undefined ? all[0] : all.find((one) => one.version === version)
    if (!operation)
      throw userFault({
        code: 'operation.not_found',
        message: `There is no operation "${id}"${version === undefined ? '' : ` in version ${version}`}.`,
        hint: 'Choose one from the catalogue.',
      })
    return { operation, versions: all.map((one) => one.version) }
  }

  const usedBy = async (context: RequestContext, operation: AnyOperation) => {
    const flows = await store.flows.list(workspaceOf(context))
    return flows.flatMap((flow) => {
      const definition = readDefinition(flow.draft)
      const isUsed = definition !== undefined && operationsUsed(definition).some((used) => used.operation === operation.id)
      return isUsed ? [{ flowId: flow.id, flowName: flow.name }] : []
    })
  }

  return {
    connectors: async ({ context }) => ({ connectors: visible(context).connectors.map(connectorView) }),
    operations: async ({ query, context }) => ({
      operations: searchCatalogue(visible(context), { connector: query.connector, kind: query.kind, text: query.search }).map(
        operationSummary,
      ),
    }),
    operation: async ({ params, query, context }) => {
      const { operation, versions } = find(context, params.operation, query.version)
      return operationDetail(registry, operation, versions, await usedBy(context, operation))
    },
    request: async ({ params, body, context }) => {
      const { operation } = find(context, params.operation, body.version)
      const request = operation.kind === 'action' ? await requestOf(registry, operation, parseInput(operation, body.input)) : undefined
      return request === undefined ? {} : { request }
    },
    tryOut: async ({ params, body, context }) =>
      tryOperation(parts, context, find(context, params.operation, body.version).operation, body),
    choices: async ({ body, context }) => ({
      choices: (await choicesOf(parts, context, body)).slice(0, CHOICES_MAX).map((choice) => ({ ...choice })),
    }),
    functions: async () => ({
      functions: FORMULA_FUNCTIONS.map(({ name, group, title, signature, words, example }) => ({
        name,
        group,
        title,
        signature,
        words,
        example: { ...example },
      })),
    }),
    flowSchema: async () => ({ ...flowJsonSchema() }),
  }
}

const connectorView = ({ spec, actions, triggers, lists, lazy }: Connector) => ({
  id: spec.id,
  title: spec.title,
  summary: spec.summary,
  origin: spec.origin,
  isBuiltIn: spec.isBuiltIn === true,
  factsForm: formOf(spec.connection),
  secretsForm: formOf(spec.secrets),
  scopes: Object.entries(spec.scopes).map(([scope, title]) => ({ scope, title })),
  scopesGrantedAt: spec.scopesGrantedAt ?? null,
  consent: spec.oauth
    ? { authorizeUrls: [...spec.oauth.authorizeUrls], hasAgencies: spec.oauth.agency !== undefined, setUp: spec.oauth.setUp }
    : null,
  webhookSetUp: spec.webhooks?.setUp ?? null,
  lists: Object.keys(lists),
  operationCount: actions.length + triggers.length + (lazy?.words().length ?? 0),
})

type ChoicesRequest = { connector: string; list: string; connection?: string | undefined; given: Record<string, unknown> }

/** Rows of a choice list: the runtime's own for the built-in connector, else read at the vendor. */
async function choicesOf(parts: ServerParts, context: RequestContext, request: ChoicesRequest): Promise<readonly Choice[]> {
  const { store } = parts.engine
  const connector = registryOf(parts.engine.registry, workspaceOf(context)).connector(request.connector)
  if (!connector)
    throw userFault({
      code: 'connector.not_found',
      message: `There is no connector "${request.connector}".`,
      hint: 'Choose one from the catalogue.',
    })
  if (connector.spec.isBuiltIn && request.list === 'tables')
    return (await store.lookupTables.list(workspaceOf(context))).map((table) => ({
      value: table.name,
      label: table.name,
      ...(table.description === null ? {} : { hint: table.description }),
    }))
  if (connector.spec.isBuiltIn && request.list === 'flows')
    return (await store.flows.list(workspaceOf(context))).map((flow) => ({ value: flow.name, label: flow.name, hint: flow.state }))
  const list = Object.hasOwn(connector.lists, request.list) ? connector.lists[request.list] : undefined
  if (!list)
    throw userFault({
      code: 'list.not_found',
      message: `${connector.spec.title} has no choice list "${request.list}".`,
      hint: `There are: ${Object.keys(connector.lists).join(', ') || 'none'}.`,
    })
  if (request.connection === undefined)
    throw userFault({
      code: 'connection.missing',
      message: `The choices come from ${connector.spec.title}; say through which connection to ask.`,
      hint: 'Choose a connection for the step first.',
      fields: { connection: 'is missing' },
    })
  const { opened } = await openConnection(parts, context, connectionIdOf(request.connection))
  if (opened.connector !== connector.spec.id)
    throw userFault({
      code: 'connection.wrong_connector',
      message: `"${opened.name}" is not a ${connector.spec.title} connection.`,
      hint: 'Choose another one.',
      fields: { connection: 'belongs to another connector' },
    })
  return list.rows(callOutsideRuns(parts, context, connector, opened, request.given) as never)
}
