import { asId, Fault, type RunId, userFault } from '@couplet/core'
import { answerQuestion, bulkReplay, cancelRun, replayRun, resolveParked, skipWait } from '@couplet/engine'
import type { RunFilter, RunState } from '@couplet/store'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { runNeeds } from '../views/run-needs.ts'
import { runDetail, runSummary } from '../views/run-view.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, flowIdOf, notFound, runIdOf } from './ids.ts'

const STATES: readonly RunState[] = ['queued', 'running', 'waiting', 'parked', 'done', 'skipped', 'failed', 'cancelled']

/** `failed,parked` as states; throws `request.invalid` naming the word that is none. */
function statesOf(text: string | undefined): RunState[] | undefined {
  if (text === undefined || text === '') return undefined
  return text.split(',').map((word) => {
    const state = STATES.find((known) => known === word.trim())
    if (!state)
      throw userFault({
        code: 'request.invalid',
        message: `"${word}" is not a state of runs.`,
        hint: `There are: ${STATES.join(', ')}.`,
        fields: { state: 'is not known' },
        place: 'state',
      })
    return state
  })
}

type AskedFilter = {
  flow?: string | undefined
  state?: string | undefined
  environment?: 'sandbox' | 'live' | undefined
  connection?: string | undefined
  search?: string | undefined
  before?: string | undefined
}

/** A filter of the API as one of the store; throws when an id in it names nothing that can exist. */
function filterOf(asked: AskedFilter): RunFilter {
  const before = asked.before === undefined ? undefined : asId('run', asked.before)
  if (asked.before !== undefined && !before) throw notFound('run', asked.before)
  return {
    flowId: asked.flow === undefined ? undefined : flowIdOf(asked.flow),
    states: statesOf(asked.state),
    environment: asked.environment,
    connectionId: asked.connection === undefined ? undefined : connectionIdOf(asked.connection),
    search: asked.search,
    before,
  }
}

/** Does one thing to many runs. What a person can mend is told for each run; anything else stops the whole. */
async function forMany<Item extends { run: string }>(
  items: readonly Item[],
  act: (runId: RunId, item: Item) => Promise<void>,
): Promise<{ count: number; refused: { runId: string; message: string }[] }> {
  const refused: { runId: string; message: string }[] = []
  for (const item of items) {
    try {
      await act(runIdOf(item.run), item)
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'user') throw error
      refused.push({ runId: item.run, message: error.message })
    }
  }
  return { count: items.length - refused.length, refused }
}

export function runHandlers(parts: ServerParts): Handlers['runs'] {
  const { engine } = parts
  const { store } = engine
  return {
    list: async ({ query, context }) => {
      const found = await store.runs.list(workspaceOf(context), { ...filterOf(query), limit: query.limit })
      return { runs: found.map(runSummary), next: found.length === query.limit ? (found.at(-1)?.id ?? null) : null }
    },
    counts: async ({ query, context }) => ({
      counts: await store.runs.counts(workspaceOf(context), query.flow === undefined ? undefined : flowIdOf(query.flow)),
    }),
    needs: async ({ query, context }) => runNeeds(parts, workspaceOf(context), filterOf(query), query.limit),
    resolveMany: async ({ body, context }) => {
      const { count, refused } = await forMany(body.items, (runId, { step }) =>
        resolveParked(engine, workspaceOf(context), runId, { step, how: body.how, by: context.actor }),
      )
      return { resolved: count, refused }
    },
    cancelMany: async ({ body, context }) => {
      const { count, refused } = await forMany(
        body.runs.map((run) => ({ run })),
        (runId) => cancelRun(engine, workspaceOf(context), runId),
      )
      return { cancelled: count, refused }
    },
    replayMany: async ({ body, context }) => {
      const { started, refused, leftAlone, next } = await bulkReplay(
        engine,
        workspaceOf(context),
        {
          ...filterOf(body.filter),
          upTo: body.upTo === undefined ? undefined : runIdOf(body.upTo),
          after: body.after === undefined ? undefined : runIdOf(body.after),
        },
        { from: body.from, version: body.version },
      )
      return { started: [...started], refused: [...refused], leftAlone, next: next ?? null }
    },
    get: async ({ params, context }) => {
      const run = await store.runs.find(workspaceOf(context), runIdOf(params.run))
      if (!run) throw notFound('run', params.run)
      return runDetail(parts, run, await engine.flows.definition(run.flowId, run.version))
    },
    cancel: async ({ params, context }) => {
      await cancelRun(engine, workspaceOf(context), runIdOf(params.run))
      return { ok: true }
    },
    replay: ({ params, body, context }) =>
      replayRun(engine, workspaceOf(context), runIdOf(params.run), { from: body.from, version: body.version, fact: body.fact }),
    resolve: async ({ params, body, context }) => {
      await resolveParked(engine, workspaceOf(context), runIdOf(params.run), {
        step: body.step,
        how: body.how,
        by: context.actor,
        output: body.output,
      })
      return { ok: true }
    },
    answer: async ({ params, body, context }) => {
      await answerQuestion(engine, workspaceOf(context), runIdOf(params.run), {
        step: body.step,
        approved: body.approved,
        by: context.actor,
      })
      return { ok: true }
    },
    skipWait: async ({ params, context }) => {
      await skipWait(engine, workspaceOf(context), runIdOf(params.run), context.actor)
      return { ok: true }
    },
  }
}
