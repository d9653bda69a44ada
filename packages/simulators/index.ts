export {
  type ControlAction,
  type Mark,
  type RunningSimulator,
  type Setting,
  type SimulatorContext,
  startSimulator,
  type VendorSimulator,
} from './frame/simulator.ts'
export type { FaultRule } from './frame/faults.ts'
export type { LoggedRequest } from './frame/request-log.ts'
export { HEYZINE_FREE, HEYZINE_PREMIUM } from './heyzine/credentials.ts'
export { heyzineSimulator } from './heyzine/index.ts'
export type { HeyzineState } from './heyzine/state.ts'
export { HIGHLEVEL_SAMPLE, LOCATION_SCOPES as HIGHLEVEL_LOCATION_SCOPES } from './highlevel/credentials.ts'
export { servedRows as highlevelServed } from './highlevel/catalogue/load.ts'
export { HIGHLEVEL_EVENTS, highlevelSimulator } from './highlevel/index.ts'
export type { HighlevelState } from './highlevel/state.ts'
export { PAYACA_SAMPLE } from './payaca/credentials.ts'
export { payacaSimulator } from './payaca/index.ts'
export type { PayacaState } from './payaca/state.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'
