import type { ControlAction } from '../frame/simulator.ts'
import { plannerActions } from './actions-planner.ts'
import type { Highlevel } from './context.ts'
import { accessActions } from './actions-access.ts'
import { catalogueActions } from './actions-catalogue.ts'
import { queueActions } from './actions-queues.ts'
import { webhookActions } from './actions-webhooks.ts'

/** What a person does in HighLevel's own web app, and what tests need beside it. */
export const highlevelActions = (context: Highlevel): Record<string, ControlAction> => ({
  ...plannerActions(context),
  ...queueActions(context),
  ...accessActions(context),
  ...webhookActions(context),
  ...catalogueActions(context),
})
