import { serve } from '@hono/node-server'
import { type Clock, shiftedClock } from '@couplet/core'
import { Hono } from 'hono'
import { controlRoutes } from './control.ts'
import { type FaultRule, faultMiddleware, takeFault } from './faults.ts'
import { loadSnapshot, snapshotWriter } from './persistence.ts'
import { requestLog, type RequestLog } from './request-log.ts'

/** How sure we are that the vendor behaves like this (contracts, "Marks"). */
export type Mark = 'CONFIRMED' | 'REPORTED' | 'ASSUMED'

/** A switch of the simulator, with the mark of what it reproduces and words for the sandbox screen. */
export type Setting = { value: boolean | number | string; mark: Mark; title: string; choices?: readonly string[] }

/** Something a person does in the vendor's own web app: rename a tag, fire a webhook. Runs through `POST /__sim/actions/{name}`. */
export type ControlAction = { title: string; run(input: Record<string, unknown>): unknown }

/** What a vendor's routes are given to work with. `State` is plain JSON data: it is saved, shown and reset as a whole. */
export type SimulatorContext<State, Settings extends Record<string, Setting>> = {
  state: State
  clock: Clock & { shift(byMs: number): void; offsetMs(): number; reset(): void }
  setting<Key extends keyof Settings & string>(key: Key): Settings[Key]['value']
  /** True when the setting `strict` is `true` or any word but `off`. */
  isStrict(): boolean
  /** Call after every change of state, so that it survives a restart. */
  touch(): void
  log: RequestLog
  /** Takes a pending fault by name: vendor-specific faults such as `settle-slow` are asked for by the routes. */
  takeFault(kind: string, method: string, path: string): FaultRule | undefined
}

export type VendorSimulator<State, Settings extends Record<string, Setting>> = {
  vendor: 'highlevel' | 'heyzine' | 'payaca'
  /** Sample data (`sample`) or nothing but credentials (`empty`). */
  seed(kind: 'sample' | 'empty'): State
  settings: Settings
  routes(context: SimulatorContext<State, Settings>): Hono
  actions?(context: SimulatorContext<State, Settings>): Record<string, ControlAction>
  /** Called about four times a second while the simulator runs, for what happens by itself (posts that become due). */
  tick?(context: SimulatorContext<State, Settings>): void
}

export type RunningSimulator<State> = {
  vendor: string
  url: string
  port: number
  /** Live state, for tests in the same process. Over HTTP: `GET /__sim/state`. */
  state(): State
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts one simulator on loopback. Port 0 lets the system choose. With `stateFile` the state is loaded from it and saved to
 * it shortly after every change (atomic rename), so that a killed sandbox comes back as it was.
 */
export async function startSimulator<State, Settings extends Record<string, Setting>>(
  simulator: VendorSimulator<State, Settings>,
  options: { port?: number; stateFile?: string; seed?: 'sample' | 'empty' } = {},
): Promise<RunningSimulator<State>> {
  const clock = shiftedClock()
  const log = requestLog(1_000)
  const settings: Settings = structuredClone(simulator.settings)
  const faults: FaultRule[] = []
  const saved = options.stateFile ? loadSnapshot(options.stateFile) : undefined
  const writer = options.stateFile ? snapshotWriter(options.stateFile, () => context.state) : undefined
  const context: SimulatorContext<State, Settings> = {
    // A collection that a newer simulator has and the saved state has not starts empty instead of missing.
    state: saved ? (Object.assign(simulator.seed('empty') as object, saved) as State) : simulator.seed(options.seed ?? 'sample'),
    clock,
    setting: (key) => settings[key]?.value as Settings[typeof key]['value'],
    isStrict: () => ![undefined, false, 'off'].includes(settings['strict']?.value as string | false | undefined),
    touch: () => writer?.schedule(),
    log,
    takeFault: (kind, method, path) => takeFault(faults, kind, method, path),
  }

  const app = new Hono()
  const actions = simulator.actions?.(context) ?? {}
  app.route('/__sim', controlRoutes({ simulator, context, settings, faults, actions }))
  app.use('*', log.middleware(clock))
  app.use('*', faultMiddleware(faults))
  app.route('/', simulator.routes(context))

  const server = serve({ fetch: app.fetch, port: options.port ?? 0, hostname: '127.0.0.1' })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const ticker = simulator.tick ? setInterval(() => simulator.tick?.(context), 250) : undefined

  return {
    vendor: simulator.vendor,
    url: `http://127.0.0.1:${port}`,
    port,
    state: () => context.state,
    async [Symbol.asyncDispose]() {
      clearInterval(ticker)
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      writer?.close()
    },
  }
}
