import { createHash } from 'node:crypto'
import { BoundedMap, Fault, toFault } from '@couplet/core'
import type { AnyTrigger, Fact } from '@couplet/connector-sdk'
import { evaluateCondition, evaluateFormula, type FlowDefinition } from '@couplet/flow'
import type { IncomingFact, TriggerRow } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { echoHash } from '../run/perform-action.ts'
import { parseDelivery } from '../webhooks/read-delivery.ts'
import { verifyDelivery } from '../webhooks/verify-delivery.ts'

/** What the ingress answers. `status` is what makes this vendor do the right thing. */
export type IngressAnswer = { status: number; body: Record<string, unknown>; retryAfterS?: number }

export type Ingress = {
  /** Takes one webhook in: verified over its raw bytes, stored, then answered. */
  receive(delivery: { token: string; raw: Uint8Array; headers: Readonly<Record<string, string>> }): Promise<IngressAnswer>
  /** The same facts again from kept deliveries of a trigger; answers how many runs started. */
  runKept(trigger: TriggerRow, limit: number): Promise<number>
}

type Listening = { trigger: TriggerRow; operation: AnyTrigger; definition: FlowDefinition | undefined }

/** How long a trigger's settings are trusted. Whether it is on, and its version, the database checks at every accept. */
const AGE_MAX_MS = 2_000
const KEPT_HEADERS = new Set(['content-type', 'user-agent', 'x-payaca-event', 'x-ghl-delivery-id'])

/** Webhooks on their way in. */
export function createIngress(parts: EngineParts): Ingress {
  const known = new BoundedMap<string, { at: number; loading: Promise<Listening | undefined> }>(2_000)

  const listeningTo = (token: string): Promise<Listening | undefined> => {
    const entry = known.get(token)
    if (entry && parts.clock.now() - entry.at < AGE_MAX_MS) return entry.loading
    const loading = loadListening(parts, token)
    known.set(token, { at: parts.clock.now(), loading })
    loading.then(
      (found) => {
        if (!found) known.delete(token)
      },
      () => known.delete(token),
    )
    return loading
  }

  return {
    receive: async ({ token, raw, headers }) => {
      const listening = await listeningTo(token)
      if (!listening) return { status: 404, body: { code: 'hook.unknown', message: 'No flow listens at this address.' } }
      return take(parts, listening, { raw, headers, receivedAt: parts.clock.now() })
    },
    runKept: async (trigger, limit) => {
      const listening = await loadListening(parts, trigger.hookToken)
      if (!listening) return 0
      let runs = 0
      for (const delivery of await parts.store.deliveries.kept(trigger.id, limit)) {
        const facts = await factsOf(parts, listening, {
          raw: delivery.body,
          headers: delivery.headers,
          topic: delivery.topic,
          receivedAt: delivery.receivedAt,
          body: readBody({ raw: delivery.body, headers: delivery.headers }),
        })
        const accepted = await parts.store.acceptance.accept({ facts })
        runs += accepted.runs.length
        await parts.store.deliveries.setState(delivery.id, 'accepted', 'Run later by a person.')
      }
      return runs
    },
  }
}

async function loadListening(parts: EngineParts, token: string): Promise<Listening | undefined> {
  const trigger = await parts.store.triggers.findByHookToken(token)
  const operation = trigger && parts.registry.trigger(trigger.operation, trigger.operationVersion)
  if (!trigger || !operation?.push) return undefined
  return {
    trigger,
    operation,
    definition: trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version),
  }
}

type Raw = { raw: Uint8Array; headers: Readonly<Record<string, string>>; receivedAt: number }

async function take(parts: EngineParts, listening: Listening, delivery: Raw): Promise<IngressAnswer> {
  const { trigger, operation } = listening
  const rules = parts.registry.connector(operation.connector)?.spec.webhooks
  if (!rules) return { status: 404, body: { code: 'hook.unknown', message: 'No flow listens at this address.' } }
  const store = (state: 'accepted' | 'refused' | 'ignored', topic: string, facts: readonly IncomingFact[], reason?: string) =>
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

  const connection = trigger.connectionId ? await parts.connections.open(trigger.connectionId) : undefined
  const verdict = verifyDelivery(rules, delivery, { secrets: connection?.secrets ?? {}, ...publicKeysOf(connection?.facts) })
  if (!verdict.verified) {
    await store('refused', '(not read)', [], verdict.reason)
    return {
      status: 401,
      body: { code: 'hook.signature', message: 'The delivery was refused: its signature is not valid for this address.' },
    }
  }

  let topic = ''
  try {
    const body = readBody(delivery)
    topic = rules.topic({ headers: delivery.headers, body })
    if (!operation.push?.topics.some((wanted) => wanted === '*' || wanted === topic)) {
      await store('ignored', topic, [], `The flow listens to ${operation.push?.topics.join(', ') ?? 'nothing'}.`)
      return { status: 202, body: { accepted: false, reason: `This address does not listen to ${topic}.` } }
    }
    const facts = await factsOf(parts, listening, { ...delivery, topic, body })
    const accepted = await store('accepted', topic, facts)
    return { status: 202, body: { accepted: true, runs: accepted.runs, ...(accepted.isKept ? { kept: true } : {}) } }
  } catch (error) {
    const fault = toFault(error)
    // What cannot be read now cannot be read when it is sent again: it is listed with its reason, and a 4xx ends the delivery everywhere.
    if (fault.kind === 'rejected' || fault.kind === 'user') {
      await store('ignored', topic, [], fault.message)
      return { status: 400, body: { code: fault.code, message: fault.message, ...(fault.hint === undefined ? {} : { hint: fault.hint }) } }
    }
    parts.log.error({ err: fault, trigger: trigger.id }, 'A webhook could not be stored')
    return {
      status: rules.overloadStatus,
      body: { code: 'hook.unavailable', message: 'Couplet cannot store this now; please send it again.' },
      retryAfterS: 5,
    }
  }
}

const publicKeysOf = (facts: Record<string, string> | undefined): { publicKeys?: Record<string, string> } => {
  const key = facts?.['webhookPublicKey']
  return key === undefined || key === '' ? {} : { publicKeys: { ed25519: key } }
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
    input: parseTriggerInput(operation, trigger) as never,
    connection: (connection?.facts ?? {}) as never,
    topic: delivery.topic,
    body: delivery.body,
    bodySha256: createHash('sha256').update(delivery.raw).digest('hex'),
    receivedAt: new Date(delivery.receivedAt).toISOString(),
  })
  return incomingFacts({ trigger, operation, definition, facts, lane: 0 })
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
  trigger: TriggerRow
  operation: AnyTrigger
  definition: FlowDefinition | undefined
  facts: readonly Fact<unknown>[]
  lane: number
}): IncomingFact[] {
  const { trigger, operation, definition } = input
  return input.facts.flatMap((fact) => {
    const data: unknown = operation.output.parse(fact.data)
    const scope = { trigger: data }
    if (definition?.trigger.where !== undefined && !evaluateCondition(definition.trigger.where, scope)) return []
    const orderKey = definition?.orderedBy === undefined ? undefined : String(evaluateFormula(definition.orderedBy, scope))
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

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT_HEADERS.has(name)))
}
