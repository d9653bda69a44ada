import { join } from 'node:path'
import { type RunningSimulator, type Setting, startSimulator, type VendorSimulator } from './frame/simulator.ts'
import { heyzineSimulator } from './heyzine/index.ts'
import type { HeyzineState } from './heyzine/state.ts'
import { highlevelSimulator } from './highlevel/index.ts'
import type { HighlevelState } from './highlevel/state.ts'
import { payacaSimulator } from './payaca/index.ts'
import type { PayacaState } from './payaca/state.ts'

export type SandboxOptions = {
  /** Port 0 or none: the system chooses. */
  ports?: { highlevel?: number; heyzine?: number; payaca?: number }
  /** Folder for one state file per vendor; without it nothing survives a restart. */
  stateDir?: string
  seed?: 'sample' | 'empty'
}

export type Sandbox = {
  highlevel: RunningSimulator<HighlevelState>
  heyzine: RunningSimulator<HeyzineState>
  payaca: RunningSimulator<PayacaState>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts the three simulated vendors on loopback. When one cannot start (a port is taken), those already running are stopped and it throws. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  await using running = new AsyncDisposableStack()
  const start = async <State, Settings extends Record<string, Setting>>(simulator: VendorSimulator<State, Settings>) => {
    const port = options.ports?.[simulator.vendor]
    return running.use(
      await startSimulator(simulator, {
        ...(port === undefined ? {} : { port }),
        ...(options.stateDir === undefined ? {} : { stateFile: join(options.stateDir, `${simulator.vendor}.json`) }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      }),
    )
  }
  const highlevel = await start(highlevelSimulator)
  const heyzine = await start(heyzineSimulator)
  const payaca = await start(payacaSimulator)
  const kept = running.move()
  return { highlevel, heyzine, payaca, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
