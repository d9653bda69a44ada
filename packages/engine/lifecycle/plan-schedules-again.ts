import type { WorkspaceId } from '@couplet/core'
import type { EngineParts } from '../parts.ts'

/** Longer than any process goes by the old time zone. */
const ZONE_KNOWN_EVERYWHERE_MS = 31_000

/** After the workspace's time zone was changed: its schedules work out anew when they are due next. Nothing fires by it. */
export async function planSchedulesAgain({ store, registry, flows, clock }: EngineParts, workspaceId: WorkspaceId): Promise<void> {
  flows.forgetTimeZone(workspaceId)
  for (const trigger of await store.triggers.listOn())
    if (trigger.workspaceId === workspaceId && registry.trigger(trigger.operation, trigger.operationVersion)?.scheduled)
      await store.triggers.setNextPoll(trigger.id, clock.now() + ZONE_KNOWN_EVERYWHERE_MS)
}
