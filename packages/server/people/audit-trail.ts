import type { Endpoint } from '@couplet/api'
import { canonicalJson, isJsonObject, type Json, type JsonObject, parseJson, type PersonId, toFault, type WorkspaceId } from '@couplet/core'
import type { Logger } from '@couplet/engine'
import type { Store } from '@couplet/store'
import { z } from 'zod'
import type { RequestContext } from '../server-parts.ts'
import type { Caller } from './caller.ts'
import { snapshotOf } from './snapshots.ts'

/** What a handler may say besides: who it really was, when nobody was signed in yet, and what it was done to. */
export type AuditNote = { person?: { id: PersonId; name: string }; objects?: Record<string, string>; event?: string }

type Asked = { endpoint: Pick<Endpoint, 'audit' | 'permission'>; context: RequestContext; params: unknown; body: unknown }

/** Values of a request that may be written down: choices and names. Everything else may hold data or a secret. */
const NOTED = new Set([
  'name',
  'email',
  'role',
  'environment',
  'note',
  'from',
  'to',
  'version',
  'how',
  'approved',
  'step',
  'isOn',
  'days',
  'auditDays',
  'runsDays',
  'runsMax',
  'deliveriesDays',
  'deliveriesMax',
  'timeZone',
  'workspaceName',
  'permissions',
  'template',
  'connector',
  'optedIn',
  'bindings',
  'proof',
])

const JsonMembers = z.record(z.string(), z.json())

/** A parsed request body as JSON: members that its schema left out are gone. */
function jsonOf(value: unknown): JsonObject {
  const parsed = JsonMembers.safeParse(parseJson(JSON.stringify(value ?? {})))
  return parsed.success ? parsed.data : {}
}

const textsOf = (value: unknown): Record<string, string> =>
  isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {}

/**
 * Does what a request asks for and writes it down: who, what, to which objects, what was different before and after. A log that could not be
 * written does not undo what was done; the event goes into the program's own log then.
 */
export async function audited<Reply>(store: Store, log: Logger, asked: Asked, act: () => Promise<Reply>): Promise<Reply> {
  const { endpoint, context } = asked
  if (typeof endpoint.audit !== 'string') return act()
  const workspaceId = context.caller.kind === 'nobody' ? undefined : context.caller.at?.workspaceId
  const params = textsOf(asked.params)
  const before = workspaceId && (await snapshotOf(store, workspaceId, Object.values(params)))
  const reply = await act()
  await write(store, log, endpoint.audit, asked, async () => {
    const made = isJsonObject(reply) && typeof reply['id'] === 'string' ? reply['id'] : undefined
    const run = isJsonObject(reply) && typeof reply['runId'] === 'string' ? reply['runId'] : undefined
    const after = workspaceId && (await snapshotOf(store, workspaceId, made === undefined ? Object.values(params) : [made]))
    const noted = Object.fromEntries(Object.entries(jsonOf(asked.body)).filter(([name]) => NOTED.has(name)))
    const change = differenceOf(before, after)
    const name = [after?.['name'], before?.['name']].find((one) => typeof one === 'string')
    return {
      objects: {
        ...params,
        ...(made === undefined ? {} : { id: made }),
        ...(run === undefined ? {} : { started: run }),
        ...(typeof name === 'string' ? { name } : {}),
      },
      before: change.before,
      after: { ...noted, ...change.after },
    }
  })
  return reply
}

/** Writes down what is no endpoint's regular end: a refused sign-in, a change through the sandbox's controls. */
export const writeDown = (
  store: Store,
  log: Logger,
  event: string,
  context: RequestContext,
  objects: Record<string, string>,
): Promise<void> =>
  write(
    store,
    log,
    event,
    { endpoint: { audit: event as `${string}.${string}`, permission: 'sandbox.use' }, context, params: {}, body: {} },
    async () => ({
      objects,
      before: {},
      after: {},
    }),
  )

async function write(
  store: Store,
  log: Logger,
  event: string,
  { endpoint, context }: Asked,
  find: () => Promise<{ objects: Record<string, string>; before: JsonObject; after: JsonObject }>,
): Promise<void> {
  const who = actorOfEvent(context)
  const ofPerson = endpoint.permission === 'own-account' || endpoint.permission === 'anyone'
  try {
    const { objects, before, after } = await find()
    await store.audit.write({
      workspaceId: ofPerson ? null : who.workspaceId,
      event: context.note.event ?? event,
      actorKind: context.note.person ? 'person' : context.caller.kind,
      personId: context.note.person?.id ?? who.personId,
      actor: context.note.person?.name ?? context.actor,
      via: who.via,
      ip: context.ip,
      requestId: context.requestId,
      objects: { ...objects, ...context.note.objects },
      before: Object.keys(before).length === 0 ? null : before,
      after: Object.keys(after).length === 0 ? null : after,
    })
  } catch (error) {
    log.error({ err: toFault(error), audit: event, actor: context.actor }, 'An event could not be written into the audit log')
  }
}

function actorOfEvent({ caller }: { caller: Caller }): { workspaceId: WorkspaceId | null; personId: PersonId | null; via: string | null } {
  const workspaceId = caller.kind === 'nobody' ? null : (caller.at?.workspaceId ?? null)
  if (caller.kind === 'person') return { workspaceId, personId: caller.personId, via: caller.sessionId }
  if (caller.kind === 'token') return { workspaceId, personId: caller.personId, via: caller.tokenId }
  return { workspaceId, personId: null, via: null }
}

/** The members that differ, as they were and as they are. */
function differenceOf(before: JsonObject | undefined, after: JsonObject | undefined): { before: JsonObject; after: JsonObject } {
  const same = (name: string): boolean =>
    before !== undefined && after !== undefined && canonicalJson(before[name] ?? null) === canonicalJson(after[name] ?? null)
  const pick = (from: JsonObject | undefined): JsonObject =>
    Object.fromEntries(Object.entries(from ?? {}).filter((entry): entry is [string, Json] => !same(entry[0])))
  return { before: pick(before), after: pick(after) }
}
