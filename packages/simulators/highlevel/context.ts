import type { SimulatorContext } from '../frame/simulator.ts'
import type { HighlevelSettings } from './settings.ts'
import type { HighlevelState } from './state.ts'

/** What every route, action and tick of this simulator works with. */
export type Highlevel = SimulatorContext<HighlevelState, HighlevelSettings>

type FlagName = {
  [Name in keyof HighlevelSettings]: HighlevelSettings[Name] extends { value: boolean } ? Name : never
}[keyof HighlevelSettings]

/** Settings that hold in strict mode too, because HighLevel publishes them. */
const CONFIRMED: ReadonlySet<FlagName> = new Set<FlagName>(['strict', 'webhookRsaHeader'])

/** Whether a behaviour is on. Invariant: in strict mode nothing REPORTED or ASSUMED is. */
export const isOn = (context: Highlevel, name: FlagName): boolean => context.setting(name) && (CONFIRMED.has(name) || !context.isStrict())

/** The simulator's time as the vendor writes it. */
export const nowIso = (context: Highlevel): string => new Date(context.clock.now()).toISOString()

/** Whether searches show what was added then: their index may lag behind. */
export const isIndexed = (context: Highlevel, addedAt: string): boolean =>
  context.isStrict() || Date.parse(addedAt) + context.setting('searchLagMs') <= context.clock.now()
