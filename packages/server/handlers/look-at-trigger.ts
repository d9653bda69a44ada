import { newId, userFault } from '@couplet/core'
import type { AnyTrigger, Connector } from '@couplet/connector-sdk'
import { createVendorCall, type Exchange } from '@couplet/engine'
import type { OpenedConnection } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'

const TIMEOUT_MS = 30_000
/** Facts of a poll that are shown. */
const FACTS_MAX = 20
/** How far back a feed is looked at. */
const SINCE_MS = 7 * 24 * 60 * 60 * 1_000

type Looked = { facts: readonly unknown[]; thrown?: unknown; exchanges: readonly Exchange[]; tookMs: number }

/** What a poll of the trigger would find now, as its facts: one page. Nothing is remembered and no run starts. */
export async function lookAtTrigger(
  parts: ServerParts,
  context: RequestContext,
  of: { trigger: AnyTrigger; connector: Connector; opened: OpenedConnection | undefined; input: unknown; signal: AbortSignal },
): Promise<Looked> {
  const { poll } = of.trigger
  if (!poll)
    throw userFault({
      code: 'operation.needs_flow',
      message: 'This trigger does not ask the vendor; it waits for something to happen.',
      hint: 'Use it in a flow. Its sample shows what comes in.',
    })
  const exchanges: Exchange[] = []
  const startedAt = performance.now()
  const id = newId('run')
  const call = createVendorCall(parts.engine, {
    run: {
      id,
      workspaceId: workspaceOf(context),
      flowId: newId('flow'),
      connectionId: of.opened?.id ?? null,
      environment: of.opened?.environment ?? 'live',
    },
    spec: of.connector.spec,
    connection: of.opened,
    input: of.input,
    effectKey: id,
    isRead: true,
    firstAt: parts.engine.clock.now(),
    signal: of.signal,
    timeoutMs: TIMEOUT_MS,
    onExchange: (exchange) => exchanges.push(exchange),
    beforeWrite: async () => undefined,
    onLog: () => undefined,
  })
  try {
    return { facts: await firstFacts(poll, call, parts.engine.clock.now()), exchanges, tookMs: Math.round(performance.now() - startedAt) }
  } catch (thrown) {
    return { facts: [], thrown, exchanges, tookMs: Math.round(performance.now() - startedAt) }
  }
}

async function firstFacts(
  poll: NonNullable<AnyTrigger['poll']>,
  call: ReturnType<typeof createVendorCall>,
  nowMs: number,
): Promise<readonly unknown[]> {
  const now = new Date(nowMs).toISOString()
  if (poll.mode === 'feed') {
    const cursor = poll.start(new Date(nowMs - SINCE_MS).toISOString())
    const { facts } = await poll.page({ ...call, cursor, now } as never)
    return facts.slice(0, FACTS_MAX).map(({ data }) => data)
  }
  const { items } = await poll.page({ ...call, cursor: undefined } as never)
  const { connection } = call
  return items
    .slice(0, FACTS_MAX)
    .map((item) => poll.fact({ change: 'created', item, previous: undefined, hash: '', revision: 1, connection, now } as never).data)
}
