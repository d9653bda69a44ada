import { randomBytes } from 'node:crypto'
import { userFault } from '@couplet/core'
import { loadFlow } from '@couplet/engine'
import { workspaceOf, type ServerParts } from '../server-parts.ts'
import type { Handlers } from './handler.ts'
import { flowIdOf, notFound, triggerIdOf } from './ids.ts'

/** Chooses what webhooks to a trigger's address must prove. It counts at once, not from the next publication: a secret that leaked is replaced now. */
export function setHookProof(parts: ServerParts): Handlers['flows']['setHookProof'] {
  const { store, registry } = parts.engine
  return async ({ params, body, context }) => {
    const flow = await loadFlow(parts.engine, workspaceOf(context), flowIdOf(params.flow))
    const id = triggerIdOf(params.trigger)
    const trigger = (await store.triggers.listByFlow(flow.id)).find((one) => one.id === id)
    if (!trigger) throw notFound('trigger', params.trigger)
    const operation = registry.trigger(trigger.operation, trigger.operationVersion)
    if (!operation?.push || registry.connector(operation.connector)?.spec.webhooks?.takesOwnProof !== true)
      throw userFault({
        code: 'trigger.no_own_proof',
        message: 'This trigger does not take webhooks with a secret of your own.',
        hint: 'Vendors prove their webhooks in a way of their own; what it needs is in the connection.',
      })
    if (body.proof === 'none') {
      await store.triggers.setHookProof(id, undefined)
      return { secret: null }
    }
    const secret = body.secret ?? randomBytes(32).toString('base64url')
    await store.triggers.setHookProof(id, { kind: body.proof, header: body.header, secret })
    return { secret }
  }
}
