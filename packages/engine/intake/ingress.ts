import { hash } from 'node:crypto'
import { type JsonObject, BoundedMap, canonicalJson, Fault, toFault, userFault } from '@couplet/core'
import type { AnyTrigger, Fact, WebhookRules } from '@couplet/connector-sdk'
import { evaluateCondition, evaluateFormula, type FlowDefinition } from '@couplet/flow'
import type { DeliveryState, HookProof, IncomingFact, StoredDelivery, TriggerRow } from '@couplet/store'
import { ZodError } from 'zod'
import type { EngineParts } from '../parts.ts'
import { echoHash } from '../run/echo-marks.ts'
import { storable } from '../run/storable.ts'
import { parseDelivery } from '../webhooks/read-delivery.ts'
import { type Verification, verifyDelivery } from '../webhooks/verify-delivery.ts'
import { verifyProof } from '../webhooks/verify-proof.ts'

/** What the ingress answers. `status` is what makes this vendor do the right thing. */
export type IngressAnswer = { status: number; body: Record<string, unknown>; retryAfterS?: number }

export type Ingress = {
  /** Takes one webhook in: verified over its raw bytes, stored, then answered. */
  receive(delivery: { token: string; raw: Uint8Array; headers: Readonly<Record<string, string>> }): Promise<IngressAnswer>
  /** The same facts again from kept deliveries of a trigger; answers how many runs started. */
  runKept(trigger: TriggerRow, limit: number): Promise<number>
}

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

type Listening = { trigger: TriggerRow; operation: AnyTrigger; definition: FlowDefinition | undefined; proof: HookProof | undefined }

/** How long a trigger's settings are trusted. Whether it is on, and its version, the database checks at every accept. */
const AGE_MAX_MS = 2_000
/** For an address nobody knew when the database went away. */
const UNKNOWN_SEND_AGAIN = 503
/** Stored with a delivery, in the clear: a header that carries a secret is never among them (packages/api/areas/hook-proof.ts). */
const KEPT_HEADERS = new Set(['content-type', 'user-agent', 'x-payaca-event', 'x-ghl-delivery-id'])

/** Webhooks on their way in. */
export function createIngress(parts: EngineParts): Ingress {
  const known = new BoundedMap<string, { at: number; loading: Promise<Listening | undefined>; isAsked?: boolean }>(2_000)
  /** Which status makes the vendor behind an address send again: still known when the database is away. */
  const sendAgain = new BoundedMap<string, number>(20_000)

  const load = async (token: string): Promise<Listening | undefined> => {
    const found = await loadListening(parts, token)
    if (found) sendAgain.set(token, sendAgainStatus(rulesOf(parts, found)))
    return found
  }
  const listeningTo = (token: string): Promise<Listening | undefined> => {
    const at = parts.clock.now()
    const entry = known.get(token)
    if (!entry || at - entry.at >= AGE_MAX_MS) {
      const loading = load(token)
      known.set(token, { at, loading })
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
        (found) => (found ? known.set(token, { at, loading: Promise.resolve(found) }) : known.delete(token)),
        () => undefined,
      )
    }
    return entry.loading
  }

  return {
    receive: async ({ token, raw, headers }) => {
      const startedAt = performance.now()
      const answered = (answer: IngressAnswer): IngressAnswer => {
        parts.measure.accepted(answer.status, (performance.now() - startedAt) / 1_000)
        return answer
      }
      try {
        const listening = await listeningTo(token)
        const rules = listening && rulesOf(parts, listening)
        if (!listening || !rules)
          return answered({ status: 404, body: { code: 'hook.unknown', message: 'No flow listens at this address.' } })
        return answered(await take(parts, listening, rules, { raw, headers, receivedAt: parts.clock.now() }))
      } catch (error) {
        parts.log.error({ err: toFault(error) }, 'A webhook could not be stored; the vendor is asked to send it again')
        return answered({
          status: sendAgain.get(token) ?? UNKNOWN_SEND_AGAIN,
          body: { code: 'hook.unavailable', message: 'Couplet cannot store this now; please send it again.' },
          retryAfterS: 5,
        })
      }
    },
    runKept: async (trigger, limit) => {
      const listening = await loadListening(parts, trigger.hookToken)
      if (!listening) return 0
      let runs = 0
      for (const delivery of await parts.store.deliveries.kept(trigger.id, limit)) runs += await runLater(parts, listening, delivery)
      return runs
    },
  }
}

/** Answers the runs started. A delivery that still cannot be used, or whose flow is not on, stays kept. */
async function runLater(parts: EngineParts, listening: Listening, delivery: StoredDelivery): Promise<number> {
  let facts: IncomingFact[]
  try {
    facts = await factsIn(parts, listening, delivery)
  } catch (error) {
    await parts.store.deliveries.setState(delivery.id, 'kept', toFault(error).message)
    return 0
  }
  const accepted = await parts.store.acceptance.accept({ facts })
  if (accepted.isKept) return 0
  // A crash before this line runs it once more: its keys are taken by then.
  await parts.store.deliveries.setState(delivery.id, accepted.runs.length > 0 ? 'accepted' : 'ignored', 'Run later by a person.')
  return accepted.runs.length
}

const factsIn = (
  parts: EngineParts,
  listening: Listening,
  { body: raw, headers, topic, receivedAt }: StoredDelivery,
): Promise<IncomingFact[]> => factsOf(parts, listening, { raw, headers, topic, receivedAt, body: readBody({ raw, headers }) })

const rulesOf = (parts: EngineParts, listening: Listening): WebhookRules | undefined =>
  parts.registry.connector(listening.operation.connector)?.spec.webhooks

/** A vendor that never sends again is told the truth all the same: no 2xx for what was not stored. */
const sendAgainStatus = (rules: WebhookRules | undefined): number =>
  rules === undefined || rules.overloadStatus === 200 ? UNKNOWN_SEND_AGAIN : rules.overloadStatus

async function loadListening(parts: EngineParts, token: string): Promise<Listening | undefined> {
  const trigger = await parts.store.triggers.findByHookToken(token)
  const operation = trigger && parts.registry.trigger(trigger.operation, trigger.operationVersion)
  if (!trigger || !operation?.push) return undefined
  const { takesOwnProof } = parts.registry.connector(operation.connector)?.spec.webhooks ?? {}
  return {
    trigger,
    operation,
    proof: takesOwnProof === true ? await parts.store.triggers.hookProof(trigger.id) : undefined,
    definition: trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version),
  }
}

type Raw = { raw: Uint8Array; headers: Readonly<Record<string, string>>; receivedAt: number }

/** Throws when it could not be stored, and only then. */
async function take(parts: EngineParts, listening: Listening, rules: WebhookRules, delivery: Raw): Promise<IngressAnswer> {
  const { trigger, operation } = listening
  const store = (state: DeliveryState, topic: string, facts: readonly IncomingFact[], reason?: string) =>
    parts.store.acceptance.accept({
      facts,
      delivery: {
        triggerId: trigger.id,
        topic,
        headers: keptHeaders(delivery.headers),
        body: delivery.raw,
        receivedAt: delivery.receivedAt,
        state,
        reason,
      },
    })

  const verdict = await verdictOn(parts, listening, rules, delivery)
  if (!verdict.verified) {
    await store('refused', '(not read)', [], verdict.reason)
    return {
      status: 401,
      body: { code: 'hook.signature', message: 'The delivery was refused: its signature or secret is not valid for this address.' },
    }
  }

  let topic = ''
  let body: unknown
  try {
    body = readBody(delivery)
    topic = rules.topic({ headers: delivery.headers, body })
  } catch (error) {
    // What cannot be read now cannot be read when it is sent again: it is listed with its reason, and a 4xx ends the delivery everywhere.
    const fault = unreadable(error)
    await store('ignored', topic, [], fault.message)
    return { status: 400, body: { code: fault.code, message: fault.message, ...(fault.hint === undefined ? {} : { hint: fault.hint }) } }
  }
  if (!operation.push?.topics.some((wanted) => wanted === '*' || wanted === topic)) {
    await store('ignored', topic, [], `The flow listens to ${operation.push?.topics.join(', ') ?? 'nothing'}.`)
    return { status: 202, body: { accepted: false, reason: `This address does not listen to ${topic}.` } }
  }
  let facts: IncomingFact[]
  try {
    facts = await factsOf(parts, listening, { ...delivery, topic, body })
  } catch (error) {
    if (!(error instanceof Fault || error instanceof ZodError || error instanceof TypeError)) throw error
    // The sender did nothing wrong, so nothing is lost: a person mends the flow (or Couplet) and runs it then.
    const fault = toFault(error)
    parts.log.warn({ err: fault, trigger: trigger.id }, 'A webhook could not be used; it is kept')
    await store('kept', topic, [], fault.message)
    return { status: 202, body: { accepted: true, runs: [], kept: true } }
  }
  const accepted = await store('accepted', topic, facts)
  return { status: 202, body: { accepted: true, runs: accepted.runs, ...(accepted.isKept ? { kept: true } : {}) } }
}

/** By the secret its person chose, else by the rules of the vendor. */
async function verdictOn(parts: EngineParts, { trigger, proof }: Listening, rules: WebhookRules, delivery: Raw): Promise<Verification> {
  if (proof) return verifyProof(proof, delivery)
  const connection = trigger.connectionId ? await parts.connections.open(trigger.connectionId) : undefined
  return verifyDelivery(rules, delivery, { secrets: connection?.secrets ?? {}, ...publicKeysOf(connection?.facts) })
}

function unreadable(error: unknown): Fault {
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

const publicKeysOf = (facts: JsonObject | undefined): { publicKeys?: Record<string, string> } => {
  const key = facts?.['webhookPublicKey']
  return typeof key !== 'string' || key === '' ? {} : { publicKeys: { ed25519: key } }
}

/** JSON, or the fields of a form as text. Throws a user fault for anything else. */
function readBody(delivery: Pick<Raw, 'raw' | 'headers'>): unknown {
  if (delivery.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(delivery.raw)))
  return parseDelivery(delivery.raw)
}

async function factsOf(
  parts: EngineParts,
  listening: Listening,
  delivery: Raw & { topic: string; body: unknown },
): Promise<IncomingFact[]> {
  const { trigger, operation, definition } = listening
  const push = operation.push
  if (!push) return []
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
    const orderKey = definition?.orderedBy === undefined ? undefined : orderKeyOf(evaluateFormula(definition.orderedBy, scope))
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

const orderKeyOf = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value))

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.has(name)))
}
