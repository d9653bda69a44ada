import { BoundedMap, userFault } from '@couplet/core'
import {
  type ActionWords,
  type AnyAction,
  type AnyTrigger,
  type Call,
  connector,
  type Connector,
  type ConnectorSpec,
  type LazyOperations,
  type OperationWords,
  type TriggerWords,
} from '@couplet/connector-sdk'
import { z } from 'zod'
import type { ImportedOperation, SignIn } from '../facts.ts'
import { importedAction } from './imported-action.ts'
import { importedFault } from './imported-fault.ts'
import { importedTrigger } from './imported-trigger.ts'
import { actionWords, triggerWords } from './imported-words.ts'

/** An imported API as it is kept: what a connector is made of. */
export type KeptApi = {
  id: string
  title: string
  summary: string
  servers: readonly string[]
  signIn: SignIn
  /** Every version of every operation, those that are in no file any more too: flows may use them. */
  operations: readonly KeptOperation[]
}
export type KeptOperation = { operation: ImportedOperation; version: number; isCurrent: boolean }

const MADE_MAX = 200

/** Operations of an imported file, made when they are asked for. */
export function importedOperations(connectorId: string, kept: readonly KeptOperation[]): LazyOperations {
  const byKey = new Map(kept.map((one) => [`${connectorId}.${one.operation.id}@${one.version}`, one]))
  const listed = kept.filter(({ isCurrent }) => isCurrent)
  const actions = new BoundedMap<string, AnyAction>(MADE_MAX)
  const triggers = new BoundedMap<string, AnyTrigger>(MADE_MAX)
  let words: readonly OperationWords[] | undefined
  const made = <Operation>(known: BoundedMap<string, Operation>, key: string, make: () => Operation | undefined): Operation | undefined => {
    const there = known.get(key)
    if (there) return there
    const fresh = make()
    if (fresh) known.set(key, fresh)
    return fresh
  }
  return {
    words: () =>
      (words ??= listed.flatMap(({ operation, version }): (ActionWords | TriggerWords)[] => {
        const trigger = triggerWords(connectorId, operation, version)
        return [actionWords(connectorId, operation, version), ...(trigger ? [trigger] : [])]
      })),
    action: (id, version) =>
      made(actions, `${id}@${version}`, () => {
        const found = byKey.get(`${id}@${version}`)
        return found && importedAction(connectorId, found.operation, version)
      }),
    trigger: (id, version) =>
      made(triggers, `${id}@${version}`, () => {
        const found = byKey.get(`${id.replace(/-items$/, '')}@${version}`)
        return found && id.endsWith('-items') ? importedTrigger(connectorId, found.operation, version) : undefined
      }),
    standing(id, version) {
      const found = byKey.get(`${id}@${version}`) ?? byKey.get(`${id.replace(/-items$/, '')}@${version}`)
      if (!found || found.isCurrent) return undefined
      return listed.some(({ operation }) => operation.id === found.operation.id) ? 'changed' : 'gone'
    },
  }
}

const text = (title: string, description?: string) =>
  z
    .string()
    .trim()
    .min(1)
    .meta({ title, ...(description === undefined ? {} : { description }) })

/** What is entered for a connection, by the way to sign in. Header and parameter names are the vendor's. */
function entered(
  signIn: SignIn,
): Pick<ConnectorSpec<Record<string, string>, z.ZodObject, z.ZodObject>, 'connection' | 'secrets' | 'credentials'> {
  const nothing = z.object({})
  switch (signIn.kind) {
    case 'none':
      return { connection: nothing, secrets: nothing, credentials: { kind: 'none' } }
    case 'bearer':
      return { connection: nothing, secrets: z.object({ token: text(signIn.title) }), credentials: { kind: 'bearer', secret: 'token' } }
    case 'basic':
      return {
        connection: z.object({ user: text('Name', 'User name, client id, or whatever the vendor calls the first half.') }),
        secrets: z.object({ password: text('Password') }),
        credentials: { kind: 'basic', user: 'user', password: 'password' },
      }
    case 'header':
      return {
        connection: nothing,
        secrets: z.object({ apiKey: text(signIn.title) }),
        credentials: { kind: 'header', header: signIn.name, secret: 'apiKey' },
      }
    case 'query':
      return {
        connection: nothing,
        secrets: z.object({ apiKey: text(signIn.title) }),
        credentials: { kind: 'query', parameter: signIn.name, secret: 'apiKey' },
      }
    case 'client-credentials':
      return {
        connection: z.object({ clientId: text('Client id') }),
        secrets: z.object({ clientSecret: text('Client secret') }),
        credentials: { kind: 'client-credentials', tokenUrl: signIn.tokenUrl, id: 'clientId', secret: 'clientSecret' },
      }
    default:
      return signIn satisfies never
  }
}

/** A connector made from an imported file. A secret only travels to the hosts the file names. */
export function importedConnector(api: KeptApi): Connector {
  const lazy = importedOperations(api.id, api.operations)
  const signInHosts = api.signIn.kind === 'client-credentials' ? [new URL(api.signIn.tokenUrl).hostname] : []
  const spec: ConnectorSpec<Record<string, string>, z.ZodObject, z.ZodObject> = {
    id: api.id,
    title: api.title,
    summary: api.summary,
    origin: api.servers[0] ?? 'https://unknown.invalid',
    hosts: [...new Set([...api.servers.map((server) => new URL(server).hostname), ...signInHosts])],
    ...entered(api.signIn),
    test: (call) => testConnection(api, call),
    scopes: {},
    limits: {
      courtesy: {
        max: 60,
        per: '10 s',
        by: 'connection',
        facts: [{ mark: 'ASSUMED', text: 'An imported file names no limit; this is one Couplet sets itself.' }],
      },
    },
    fault: (answer) => importedFault(api.title, answer),
  }
  return connector({ spec, actions: [], triggers: [], lazy })
}

/** Asks the first list that needs nothing: the least harmful proof that the credentials work. */
async function testConnection(
  api: KeptApi,
  call: Call<Record<string, never>, Record<string, unknown>>,
): Promise<{ ok: string[]; warnings: string[] }> {
  const probe = api.operations.find(
    ({ operation, isCurrent }) =>
      isCurrent &&
      operation.method === 'GET' &&
      !operation.path.includes('{') &&
      !operation.parameters.some(({ required }) => required === true),
  )?.operation
  if (!probe)
    return { ok: ['The entries are complete.'], warnings: [`${api.title} has no call that could be tried without further values.`] }
  const { status } = await call.http.exchange({ method: 'GET', path: probe.path })
  if (status >= 400) throw userFault({ code: 'imported.test_failed', message: `${api.title} answered ${status}.` })
  return { ok: [`${api.title} answers "${probe.title}" with these credentials.`], warnings: [] }
}
