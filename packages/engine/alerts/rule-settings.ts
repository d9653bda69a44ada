import type { AlertRule, AlertRuleInput, AlertWatch } from '@couplet/store'
import { z } from 'zod'

const HOUR_MS = 3_600_000

/** What each kind of rule can be told, with the values it has when nobody says otherwise. */
export const AlertRuleSettings = {
  /** A connection lost its access, or lacks a permission: told at once. */
  connection: z.strictObject({}),
  /** Something goes on failing: after so many runs, or after so long, whichever comes first. */
  failures: z.strictObject({ runsMin: z.int().min(1).max(10_000).default(3), minutes: z.int().min(1).max(1_440).default(30) }),
  /** Of the runs of a flow that ended in the last minutes, so many per cent failed. */
  'failure-rate': z.strictObject({
    percent: z.int().min(1).max(100).default(20),
    minutes: z.int().min(5).max(1_440).default(60),
    runsMin: z.int().min(1).max(100_000).default(10),
  }),
  /** A vendor does not answer for so long. Runs wait meanwhile; nothing is lost. */
  'vendor-down': z.strictObject({ minutes: z.int().min(0).max(1_440).default(10) }),
  /** So much of a vendor's quota is used. */
  quota: z.strictObject({ percent: z.int().min(10).max(100).default(80) }),
  /** A flow did not run although by its own habit it should have. Higher is more patient. */
  silence: z.strictObject({ patience: z.number().min(1).max(10).default(1.5) }),
} as const satisfies Record<AlertWatch, z.ZodType>

/** The rule's settings, completed; values that do not fit any more fall back to the usual ones. */
export function settingsOf<Watch extends AlertWatch>(rule: Pick<AlertRule, 'settings'>, watch: Watch) {
  const schema: (typeof AlertRuleSettings)[Watch] = AlertRuleSettings[watch]
  const parsed = schema.safeParse(rule.settings)
  return (parsed.success ? parsed.data : schema.parse({})) as z.output<(typeof AlertRuleSettings)[Watch]>
}

const usual = (name: string, watch: AlertWatch, escalateAfterMs: number | null = null): AlertRuleInput => ({
  name,
  watch,
  settings: AlertRuleSettings[watch].parse({}),
  channelIds: null,
  environments: ['live'],
  isOn: true,
  escalateAfterMs,
  escalateTo: [],
})

/** What every workspace begins with. They tell all channels; without a channel they are shown inside Couplet. */
export const USUAL_RULES: readonly AlertRuleInput[] = [
  usual('Connection needs attention', 'connection', 4 * HOUR_MS),
  usual('Runs keep failing', 'failures', 4 * HOUR_MS),
  usual('Many runs of a flow fail', 'failure-rate'),
  usual('Vendor is down', 'vendor-down'),
  usual('Quota is nearly used up', 'quota'),
  usual('A flow has fallen silent', 'silence'),
]
