import type { VendorSimulator } from '../frame/simulator.ts'
import { highlevelActions } from './actions.ts'
import { advanceImports } from './csv-life.ts'
import { advancePosts } from './post-life.ts'
import { highlevelRoutes } from './routes.ts'
import { seedHighlevel } from './seed/seed.ts'
import { highlevelSettings, type HighlevelSettings } from './settings.ts'
import type { HighlevelState } from './state.ts'
import { sendDue } from './webhooks/deliver.ts'

export type { HighlevelSettings } from './settings.ts'
export type { HighlevelState } from './state.ts'
export { EVENTS as HIGHLEVEL_EVENTS } from './webhooks/samples.ts'

/**
 * HighLevel as a local server: Social Planner v2 and v3, locations, users, contacts, media, OAuth and webhooks, with state, quotas
 * and faults. Every behaviour that HighLevel does not publish is a setting with its mark; `strict` turns all of those off.
 */
export const highlevelSimulator: VendorSimulator<HighlevelState, HighlevelSettings> = {
  vendor: 'highlevel',
  seed: (kind) => seedHighlevel(kind),
  settings: highlevelSettings,
  routes: highlevelRoutes,
  actions: highlevelActions,
  tick: (context) => {
    advancePosts(context)
    advanceImports(context)
    sendDue(context)
  },
}
