import { USUAL_RULES } from '../alerts/rule-settings.ts'
import { evaluateAlerts } from '../alerts/evaluate.ts'
import type { EngineParts } from '../parts.ts'
import { createSilenceWatch, type SilenceWatch } from './silence.ts'
import { sortFailures } from './sort-failures.ts'
import { watchRules } from './watch-rules.ts'
import { watchStates } from './watch-states.ts'

/** Steps that failed count as mended when they work again and have not failed for so long. */
const QUIET_MS = 10 * 60_000

export type Watch = {
  /** One look at everything: failures become incidents, incidents end, alerts are raised and taken back. One process at a time. */
  look(): Promise<void>
}

export function createWatch(parts: Pick<EngineParts, 'store' | 'clock' | 'governor' | 'registry' | 'announce'>): Watch {
  const { store, clock } = parts
  const silence: SilenceWatch = createSilenceWatch(parts)
  let hasRules = false
  return {
    look: async () => {
      if (!hasRules) {
        await store.alerts.ensureRules(USUAL_RULES)
        hasRules = true
      }
      const rules = await store.alerts.rules()
      await sortFailures(parts)
      await watchStates(parts)
      await watchRules({ ...parts, silence }, rules)
      await store.incidents.endRecovered(clock.now(), QUIET_MS)
      await evaluateAlerts(parts, rules)
    },
  }
}
