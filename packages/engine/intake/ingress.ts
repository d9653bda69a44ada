import { hash } from 'node:crypto'
import { type DeliveryId, type JsonObject, BoundedMap, canonicalJson, Fault, toFault, userFault } from '@couplet/core'
import type { AnyTrigger, Fact, WebhookRules } from '@couplet/connector-sdk'
import { evaluateCondition, evaluateFormula, type FlowDefinition } from '@couplet/flow'
import type { HookProof, Incoming, IncomingDelivery, IncomingFact, StoredDelivery, TriggerRow } from '@couplet/store'
import { ZodError } from 'zod'
import type { EngineParts } from '../parts.ts'
import { echoHash } from '../run/echo-marks.ts'
import { storable } from '../run/storable.ts'
import { parseDelivery } from '../webhooks/read-delivery.ts'
import { sendAgainStatus, sendAgainStatusBySender } from '../webhooks/send-again.ts'
import { type Verification, verifyDelivery } from '../webhooks/verify-delivery.ts'
import { verifyProof } from '../webhooks/verify-proof.ts'

/** What the ingress answers. `status` is what makes this vendor do the right thing. */
export type IngressAnswer = { status: number; body: Record<string, unknown>; retryAfterS?: number }

export type Ingress = {
  /** Takes one webhook in: verified over its raw bytes, stored, then answered. */
  receive(delivery: { token: string; raw: Uint8Array; headers: Readonly<Record<string, string>> }): Promise<IngressAnswer>
  /**
   * Kept deliveries of a trigger, oldest first and after the given one, until `limit` of them were used. Those that cannot be used stay kept and hold
   * nobody up. `last` is the last one it looked at; `whilePaused` runs them although the flow is not on.
   */
  runKept(
    trigger: TriggerRow,
    limit: number,
    how?: { after?: DeliveryId | undefined; whilePaused?: boolean },
  ): Promise<RanKept & { last: DeliveryId | undefined }>
}

/** What became of kept deliveries; `stayed` are kept still, `reasons` the first few different ones why. */
export type RanKept = { runs: number; stayed: number; reasons: readonly string[] }

/** The keys of the facts in a delivery, as its trigger reads it now: they name the runs it started. Empty when it cannot be read (any more). */
export async function keysOfDelivery(parts: EngineParts, delivery: StoredDelivery): Promise<string[]> {
  try {
    const trigger = await parts.store.triggers.find(delivery.triggerId)
    const listening = trigger && (await loadListening(parts, trigger.hookToken))
    return listening ? (await factsIn(parts, listening, delivery)).map(({ key }) => key) : []
  } catch {
    return []
  }
}

export type Listening = {
  trigger: TriggerRow
  rules: WebhookRules
  proof: HookProof | undefined
  operation: AnyTrigger | undefined
  definition: FlowDefinition | undefined
  /** Why this release can make no facts of what comes: it is kept for one that can. */
  unusable: Fault | undefined
}

/** How long a trigger's settings are trusted, unless this process changes a flow meanwhile. Whether it is on, and its version, the database checks at every accept. */
const AGE_MAX_MS = 2_000
/** Kept deliveries are read so many at a time: each may have 1 MB. */
const KEPT_PAGE = 20
/** A request that runs kept deliveries ends after so many that cannot be used. */
const STAYED_MAX = 1_000
const REASONS_MAX = 5
/** Stored with a delivery, in the clear: a header that carries a secret is never among them (packages/api/areas/hook-proof.ts). */
const KEPT_HEADERS = new Set(['content-type', 'user-agent', 'x-payaca-event', 'x-ghl-delivery-id'])

/** Webhooks on their way in. */
export function createIngress(parts: EngineParts): Ingress {
  const known = new BoundedMap<string, { at: number; changes: number; loading: Promise<Listening | undefined>; isAsked?: boolean }>(2_000)
  /** Which status makes the vendor behind an address send again: still known when the database is away. */
  const sendAgain = new BoundedMap<string, number>(20_000)

  const load = async (token: string): Promise<Listening | undefined> => {
    const found = await loadListening(parts, token)
    if (found) sendAgain.set(token, sendAgainStatus(found.rules))
    return found
  }
  const listeningTo = (token: string): Promise<Listening | undefined> => {
    const at = parts.clock.now()
    const changes = parts.flows.changes()
    const entry = known.get(token)
    if (!entry || at - entry.at >= AGE_MAX_MS || entry.changes !== changes) {
      const loading = load(token)
      known.set(token, { at, changes, loading })
      loading.then(
        (found) => found ?? known.delete(token),
        () => known.delete(token),
      )
      return loading
    }
    // Busy addresses are asked about ahead of time, so that no delivery waits for it.
    if (at - entry.at >= AGE_MAX_MS / 2 && !entry.isAsked) {
      entry.isAsked = true
      load(token).then(
        (found) => (found ? known.set(token, { at, changes, loading: Promise.resolve(found) }) : known.delete(token)),
        () => undefined,
      )
    }
    return entry.loading
  }

  return {
    receive: async ({ token, raw, headers }) => {
      const sendAgainWith = () => sendAgain.get(token)
      return answering(parts, headers, sendAgainWith, async () => {
        const listening = await listeningTo(token)
        return listening ? take(parts, listening, { raw, headers, receivedAt: parts.clock.now() }) : UNKNOWN_ADDRESS
      })
    },
    runKept: async (trigger, limit, { after, whilePaused = false } = {}) => {
      const listening = await loadListening(parts, trigger.hookToken)
      return listening ? runAllKept(parts, listening, limit, { after, whilePaused }) : { runs: 0, stayed: 0, reasons: [], last: undefined }
    },
  }
}

export const UNKNOWN_ADDRESS: IngressAnswer = {
  status: 404,
  body: { code: 'hook.unknown', message: 'No flow listens at this address.' },
}
export const REFUSED: IngressAnswer = {
  status: 401,
  body: { code: 'hook.signature', message: 'The delivery was refused: its signature or secret is not valid for this address.' },
}

/** Takes a delivery in and measures it; what throws was not stored, and the vendor is asked to send it again. */
export async function answering(
  parts: EngineParts,
  headers: Readonly<Record<string, string>>,
  sendAgainWith: () => number | undefined,
  takeIn: () => Promise<IngressAnswer>,
): Promise<IngressAnswer> {
  const startedAt = performance.now()
  const answered = (answer: IngressAnswer): IngressAnswer => {
    parts.measure.accepted(answer.status, (performance.now() - startedAt) / 1_000)
    return answer
  }
  try {
    return answered(await takeIn())
  } catch (error) {
    parts.log.error({ err: toFault(error) }, 'A webhook could not be stored; the vendor is asked to send it again')
    return answered({
      status: sendAgainWith() ?? sendAgainStatusBySender(parts.registry.connectors, headers),
      body: { code: 'hook.unavailable', message: 'Couplet cannot store this now; please send it again.' },
      retryAfterS: 5,
    })
  }
}

type KeptOptions = { after: DeliveryId | undefined; whilePaused: boolean }

async function runAllKept(
  parts: EngineParts,
  listening: Listening,
  limit: number,
  { after, whilePaused }: KeptOptions,
): Promise<RanKept & { last: DeliveryId | undefined }> {
  const reasons = new Set<string>()
  let [runs, used, stayed] = [0, 0, 0]
  let last: DeliveryId | undefined
  for (;;) {
    const page = await parts.store.deliveries.kept(listening.trigger.id, Math.min(limit - used, KEPT_PAGE), last ?? after)
    for (const delivery of page) {
      last = delivery.id
      const outcome = await runLater(parts, listening, delivery, whilePaused)
      if ('runs' in outcome) {
        runs += outcome.runs
        used += 1
      } else {
        stayed += 1
        if (reasons.size < REASONS_MAX) reasons.add(outcome.stays)
      }
    }
    if (page.length === 0 || used >= limit || stayed >= STAYED_MAX) return { runs, stayed, reasons: [...reasons], last }
  }
}

/** A delivery that still cannot be used, or whose flow is not on, stays kept, and says why. */
async function runLater(
  parts: EngineParts,
  listening: Listening,
  delivery: StoredDelivery,
  whilePaused: boolean,
): Promise<{ runs: number } | { stays: string }> {
  let facts: IncomingFact[]
  try {
    facts = await factsIn(parts, listening, delivery)
  } catch (error) {
    const stays = toFault(error).message
    await parts.store.deliveries.endKept(delivery.id, 'kept', stays)
    return { stays }
  }
  const { acceptance } = parts.store
  const accepted = await (whilePaused ? acceptance.acceptWhilePaused({ facts }) : acceptance.accept({ facts }))
  if (accepted.isKept) return { stays: 'The flow is not on.' }
  // A crash before this line runs it once more: its keys are taken by then.
  await parts.store.deliveries.endKept(delivery.id, accepted.runs.length > 0 ? 'accepted' : 'ignored', 'Run later by a person.')
  return { runs: accepted.runs.length }
}

const factsIn = (
  parts: EngineParts,
  listening: Listening,
  { body: raw, headers, topic, receivedAt }: StoredDelivery,
): Promise<IncomingFact[]> => factsOf(parts, listening, { raw, headers, topic, receivedAt, body: readBody({ raw, headers }) })

async function loadListening(parts: EngineParts, token: string): Promise<Listening | undefined> {
  const trigger = await parts.store.triggers.findByHookToken(token)
  return trigger && listeningOf(parts, trigger)
}

/** What a trigger listens for; `undefined` for one that takes no webhooks. */
export async function listeningOf(parts: EngineParts, trigger: TriggerRow): Promise<Listening | undefined> {
  const operation = parts.registry.trigger(trigger.operation, trigger.operationVersion)
  const rules = parts.registry.connector(operation?.connector ?? connectorOf(trigger.operation))?.spec.webhooks
  // Without the rules of its vendor nothing that comes could be checked, neither now nor later.
  if (!rules || (operation && !operation.push)) return undefined
  const proof = rules.takesOwnProof === true ? await parts.store.triggers.hookProof(trigger.id) : undefined
  const missing = operation ? undefined : operationMissing(trigger)
  try {
    const definition = trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version)
    return { trigger, rules, proof, operation, definition, unusable: missing }
  } catch (error) {
    if (!(error instanceof Fault || error instanceof ZodError)) throw error
    return { trigger, rules, proof, operation, definition: undefined, unusable: missing ?? definitionUnreadable(trigger, error) }
  }
}

const connectorOf = (operationId: string): string => operationId.split('.', 1)[0] ?? ''

const operationMissing = ({ operation, operationVersion, flowName }: TriggerRow): Fault =>
  userFault({
    code: 'trigger.operation_missing',
    message: `This release of Couplet has no trigger ${operation} (version ${operationVersion}), by which "${flowName}" starts.`,
    hint: 'Install a release that has it, or choose another trigger; then run what was kept.',
  })

const definitionUnreadable = ({ version, flowName }: TriggerRow, cause: unknown): Fault =>
  userFault(
    {
      code: 'flow.unreadable',
      message: `This release of Couplet cannot read version ${version} of "${flowName}".`,
      hint: 'Publish the flow again, or install the release it was published with; then run what was kept.',
    },
    cause,
  )

export type Raw = { raw: Uint8Array; headers: Readonly<Record<string, string>>; receivedAt: number }

/** Throws when it could not be stored, and only then. */
async function take(parts: EngineParts, listening: Listening, delivery: Raw): Promise<IngressAnswer> {
  const { trigger, rules, operation } = listening
  const store = (state: 'refused' | 'ignored', topic: string, reason?: string) =>
    parts.store.acceptance.accept({ facts: [], delivery: deliveryTo(trigger, delivery, { topic, state, reason }) })

  const verdict = await verdictOn(parts, listening, delivery)
  if (!verdict.verified) {
    await store('refused', '(not read)', verdict.reason)
    return REFUSED
  }

  let topic = ''
  let body: unknown
  try {
    body = readBody(delivery)
    topic = rules.topic({ headers: delivery.headers, body })
  } catch (error) {
    // What cannot be read now cannot be read when it is sent again: it is listed with its reason, and a 4xx ends the delivery everywhere.
    const fault = unreadable(error)
    await store('ignored', topic, fault.message)
    return unreadableAnswer(fault)
  }
  if (operation && !operation.push?.topics.some((wanted) => wanted === '*' || wanted === topic)) {
    await store('ignored', topic, `The flow listens to ${operation.push?.topics.join(', ') ?? 'nothing'}.`)
    return { status: 202, body: { accepted: false, reason: `This address does not listen to ${topic}.` } }
  }
  const accepted = await parts.store.acceptance.accept(await incomingOf(parts, listening, { ...delivery, topic, body }))
  return { status: 202, body: { accepted: true, runs: accepted.runs, ...(accepted.isKept ? { kept: true } : {}) } }
}

/** A verified delivery as its trigger is given it: with its facts, or to be kept since they could not be made now. */
export async function incomingOf(
  parts: EngineParts,
  listening: Listening,
  delivery: Raw & { topic: string; body: unknown },
): Promise<Incoming> {
  const { trigger } = listening
  const { topic } = delivery
  try {
    const facts = await factsOf(parts, listening, delivery)
    return { facts, delivery: deliveryTo(trigger, delivery, { topic, state: 'accepted' }) }
  } catch (error) {
    if (!(error instanceof Fault || error instanceof ZodError || error instanceof TypeError)) throw error
    // The sender did nothing wrong, so nothing is lost: a person mends the flow (or Couplet) and runs it then.
    const fault = toFault(error)
    parts.log.warn({ err: fault, trigger: trigger.id }, 'A webhook could not be used; it is kept')
    return { facts: [], delivery: deliveryTo(trigger, delivery, { topic, state: 'kept', reason: fault.message }) }
  }
}

/** By the secret its person chose, else by the rules of the vendor. */
async function verdictOn(parts: EngineParts, { trigger, rules, proof }: Listening, delivery: Raw): Promise<Verification> {
  if (proof) return verifyProof(proof, delivery)
  const connection = trigger.connectionId ? await parts.connections.open(trigger.connectionId) : undefined
  return verifyDelivery(rules, delivery, { secrets: connection?.secrets ?? {}, ...publicKeysOf(connection?.facts) })
}

const deliveryTo = (
  trigger: TriggerRow,
  { raw, headers, receivedAt }: Raw,
  as: Pick<IncomingDelivery, 'topic' | 'state' | 'reason'>,
): IncomingDelivery => ({ triggerId: trigger.id, headers: keptHeaders(headers), body: raw, receivedAt, ...as })

export const unreadableAnswer = (fault: Fault): IngressAnswer => ({
  status: 400,
  body: { code: fault.code, message: fault.message, ...(fault.hint === undefined ? {} : { hint: fault.hint }) },
})

export function unreadable(error: unknown): Fault {
  if (error instanceof Fault) return error
  return userFault(
    {
      code: 'delivery.unreadable',
      message: 'The delivery is not of the form this vendor uses.',
      hint: 'Check that the address is registered for the right kind of webhook.',
    },
    error,
  )
}

export const publicKeysOf = (facts: JsonObject | undefined): { publicKeys?: Record<string, string> } => {
  const key = facts?.['webhookPublicKey']
  return typeof key !== 'string' || key === '' ? {} : { publicKeys: { ed25519: key } }
}

/** JSON, or the fields of a form as text. Throws a user fault for anything else. */
export function readBody(delivery: Pick<Raw, 'raw' | 'headers'>): unknown {
  if (delivery.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(delivery.raw)))
  return parseDelivery(delivery.raw)
}

async function factsOf(
  parts: EngineParts,
  listening: Listening,
  delivery: Raw & { topic: string; body: unknown },
): Promise<IncomingFact[]> {
  const { trigger, operation, definition, unusable } = listening
  if (unusable) throw unusable
  if (!operation?.push) return []
  const { push } = operation
  const connection = trigger.connectionId ? await parts.connections.open(trigger.connectionId) : undefined
  const facts: readonly Fact<unknown>[] = push.facts({
    input: parseTriggerInput(operation, trigger),
    connection: (connection?.facts ?? {}) as never,
    topic: delivery.topic,
    body: delivery.body,
    bodySha256: hash('sha256', delivery.raw),
    receivedAt: new Date(delivery.receivedAt).toISOString(),
  })
  const { workspaceId, flowId, version, connectionId, environment } = trigger
  const expected = version === null || !trigger.isOn ? undefined : { workspaceId, flowId, version, connectionId, environment }
  return incomingFacts({ trigger, operation, definition, facts, lane: 0 }).map((fact) => ({ ...fact, expected }))
}

/** The trigger's settings through its own schema. They were checked at publication; a changed operation may still refuse them. */
export function parseTriggerInput(operation: AnyTrigger, trigger: Pick<TriggerRow, 'input' | 'flowName'>): unknown {
  const parsed = operation.input.safeParse(trigger.input)
  if (parsed.success) return parsed.data
  throw new Fault({
    code: 'trigger.settings',
    kind: 'user',
    message: `The trigger of "${trigger.flowName}" has settings that do not fit any more: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}.`,
    hint: 'Open the flow and mend its trigger.',
  })
}

/** Facts of one trigger as the store takes them: filtered by the flow's condition, with order key and echo marks. */
export function incomingFacts(input: {
  trigger: Pick<TriggerRow, 'id' | 'connectionId'>
  operation: AnyTrigger
  definition: FlowDefinition | undefined
  facts: readonly Fact<unknown>[]
  lane: number
}): IncomingFact[] {
  const { trigger, operation, definition } = input
  return input.facts.flatMap((fact) => {
    const data = storable('What the trigger gave', 'Couplet does not take such large data into a run.', operation.output.parse(fact.data))
    const scope = { trigger: data }
    if (definition?.trigger.where !== undefined && !evaluateCondition(definition.trigger.where, scope)) return []
    const orderKey = definition && orderKeyOf(definition, data)
    return [
      {
        triggerId: trigger.id,
        key: fact.key,
        fact: { at: fact.at, data },
        lane: input.lane,
        ...(orderKey === undefined ? {} : { orderKey }),
        ...(fact.echo && fact.echo.length > 0 && trigger.connectionId
          ? { echoes: { connectionId: trigger.connectionId, hashes: fact.echo.map(echoHash) } }
          : {}),
      },
    ]
  })
}

/** Whose turn a fact of an ordered flow waits for; `undefined` when the flow is not ordered. Throws a fault when the formula fails. */
export function orderKeyOf({ orderedBy }: FlowDefinition, data: unknown): string | undefined {
  if (orderedBy === undefined) return undefined
  const value = evaluateFormula(orderedBy, { trigger: data })
  return typeof value === 'string' ? value : canonicalJson(value)
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.has(name)))
}
