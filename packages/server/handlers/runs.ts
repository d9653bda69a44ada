import { asId, userFault } from '@couplet/core'
import { answerQuestion, cancelRun, replayRun, resolveParked, skipWait } from '@couplet/engine'
import type { RunState } from '@couplet/store'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { runDetail, runSummary } from '../views/run-view.ts'
import type { Handlers } from './handler.ts'
import { flowIdOf, notFound, runIdOf } from './ids.ts'

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

export function runHandlers(parts: ServerParts): Handlers['runs'] {
  const { engine } = parts
  const { store } = engine
  return {
    list: async ({ query, context }) => {
      const before = query.before === undefined ? undefined : asId('run', query.before)
      if (query.before !== undefined && !before) throw notFound('run', query.before)
      const found = await store.runs.list(workspaceOf(context), {
        flowId: query.flow === undefined ? undefined : flowIdOf(query.flow),
        states: statesOf(query.state),
        environment: query.environment,
        search: query.search,
        before,
        limit: query.limit,
      })
      return { runs: found.map(runSummary), next: found.length === query.limit ? (found.at(-1)?.id ?? null) : null }
    },
    counts: async ({ query, context }) => ({
      counts: await store.runs.counts(workspaceOf(context), query.flow === undefined ? undefined : flowIdOf(query.flow)),
    }),
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
