import type { FlowDetail } from '@couplet/api'
import { durationMs, isJsonObject } from '@couplet/core'
import type { AnyTrigger } from '@couplet/connector-sdk'
import { isPollWanted } from '@couplet/engine'
import type { Connection, HookProof, TriggerRow } from '@couplet/store'
import { z } from 'zod'
import type { ServerParts } from '../server-parts.ts'
import { faultOrNull, isoOrNull } from './common.ts'

/** A zod schema as JSON Schema for forms. */
export function formOf(schema: z.ZodType): Record<string, unknown> {
  const made: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', cycles: 'ref', reused: 'inline' })
  return isJsonObject(made) ? made : {}
}

const proofView = (proof: HookProof | undefined) => (proof ? { proof: proof.kind, header: proof.header } : { proof: 'none' as const })
/** Settings that do not fit were refused when the flow was published; then it asks as usual. */
function pollsFor(trigger: TriggerRow, operation: AnyTrigger): boolean {
  const input = operation.input.safeParse(trigger.input)
  return operation.poll !== undefined && (!input.success || isPollWanted(operation, input.data))
}

/** A trigger at work: where webhooks go, how its polls stand, and the picker of flows a person starts. */
export async function triggerView(
  parts: ServerParts,
  trigger: TriggerRow,
  connection: Connection | undefined,
): Promise<FlowDetail['triggers'][number]> {
  const { registry } = parts.engine
  const operation = registry.trigger(trigger.operation, trigger.operationVersion)
  const spec = operation && registry.connector(operation.connector)?.spec
  const takesHooks = operation?.push !== undefined
  const polls = operation?.scheduled !== undefined || (operation !== undefined && pollsFor(trigger, operation))
  return {
    id: trigger.id,
    connection: connection
      ? { id: connection.id, name: connection.name, connector: connection.connector, environment: connection.environment }
      : null,
    operation: trigger.operation,
    isOn: trigger.isOn,
    hookUrl: takesHooks ? `${parts.publicAddress()}/hooks/${trigger.hookToken}` : null,
    hookSetUp: takesHooks ? (spec?.webhooks?.setUp ?? null) : null,
    hookProof:
      takesHooks && spec?.webhooks?.takesOwnProof === true ? proofView(await parts.engine.store.triggers.hookProof(trigger.id)) : null,
    poll: polls
      ? {
          everyMs: trigger.everyMs ?? (operation?.poll ? durationMs(operation.poll.every) : null),
          isBaselineTaken: trigger.baselineAt !== null,
          scans: trigger.scans,
          polledAt: isoOrNull(trigger.polledAt),
          nextAt: isoOrNull(trigger.nextPollAt),
          failures: trigger.pollFailures,
          fault: faultOrNull(trigger.pollFault),
        }
      : null,
    byHand: operation?.byHand ? { title: operation.byHand.title, pick: formOf(operation.byHand.pick) } : null,
  }
}
