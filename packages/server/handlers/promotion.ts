import { type ConnectionId, type Json, userFault } from '@couplet/core'
import type { Choice } from '@couplet/connector-sdk'
import { planPromotion, promoteFlow } from '@couplet/engine'
import type { Bindings, OpenedConnection } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultView, problemView } from '../views/common.ts'
import { heldView } from '../views/held-view.ts'
import { callOutsideRuns, findConnection } from './connection-call.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, flowIdOf } from './ids.ts'

const shownChoice = ({ value, label, hint }: Choice) => ({ value, label, ...(hint === undefined ? {} : { hint }) })

const PLAN_TIMEOUT_MS = 120_000

export function promotionHandlers(parts: ServerParts): Handlers['promotion'] {
  const { engine } = parts

  /** Accounts of the caller's workspace, and live ones only. */
  const liveBindings = async (context: RequestContext, given: Readonly<Record<string, readonly string[]>>): Promise<Bindings> => {
    const bindings: Bindings = {}
    for (const [slot, ids] of Object.entries(given)) {
      const bound: ConnectionId[] = []
      for (const text of new Set(ids)) {
        const { connection } = await findConnection(parts, context, connectionIdOf(text))
        if (connection.environment !== 'live')
          throw userFault({
            code: 'flow.not_promotable',
            message: `"${connection.name}" is an account of the sandbox.`,
            hint: 'Choose a live account for this slot.',
            fields: { [`bindings.${slot}`]: 'is not live' },
          })
        bound.push(connection.id)
      }
      bindings[slot] = bound
    }
    return bindings
  }

  const readChoices = (context: RequestContext) => async (connection: OpenedConnection, list: string, given: Record<string, Json>) => {
    const connector = engine.registry.connector(connection.connector)
    const found = connector && Object.hasOwn(connector.lists, list) ? connector.lists[list] : undefined
    return connector && found ? found.rows(callOutsideRuns(parts, context, connector, connection, given) as never) : []
  }

  return {
    plan: async ({ params, body, context }) => {
      const { problems, picked, forecasts, dryRun, isReady } = await planPromotion(
        engine,
        workspaceOf(context),
        flowIdOf(params.flow),
        { bindings: await liveBindings(context, body.bindings), values: body.values, dryRun: body.dryRun },
        readChoices(context),
        AbortSignal.any([context.signal, AbortSignal.timeout(PLAN_TIMEOUT_MS)]),
      )
      return {
        problems: problems.map(problemView),
        picked: picked.map(({ path, choices, proposed, fault, list: _list, ...rest }) => ({
          ...rest,
          path: [...path],
          ...(proposed ? { proposed: shownChoice(proposed) } : {}),
          choices: choices.map(shownChoice),
          ...(fault ? { fault: faultView(fault) } : {}),
        })),
        forecasts: forecasts.map((row) => ({ ...row })),
        ...(dryRun
          ? {
              dryRun: {
                from: dryRun.from,
                writes: dryRun.writes.map(({ stepId, title, write }) => ({ stepId, title, write: heldView(write) })),
                ...(dryRun.stopped ? { stopped: faultView(dryRun.stopped) } : {}),
              },
            }
          : {}),
        isReady,
      }
    },
    apply: async ({ params, body, context }) =>
      promoteFlow(
        engine,
        workspaceOf(context),
        flowIdOf(params.flow),
        {
          bindings: await liveBindings(context, body.bindings),
          values: body.values,
          fromRevision: body.fromRevision,
          note: body.note === '' ? undefined : body.note,
        },
        readChoices(context),
      ),
  }
}
