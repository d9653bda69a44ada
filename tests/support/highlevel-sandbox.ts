import { HIGHLEVEL_SAMPLE, highlevelSimulator, type HighlevelState, startSimulator } from '@couplet/simulators'

export type HighlevelSandbox = AsyncDisposable & {
  url: string
  locationId: string
  pit: string
  control(method: string, path: string, body?: unknown): Promise<void>
  state(): HighlevelState
}

/** The simulated HighLevel by itself, in the sub-account of the first sample token, for those who call it from outside. */
export async function startHighlevel(): Promise<HighlevelSandbox> {
  const simulator = await startSimulator(highlevelSimulator)
  const { id, pit } = HIGHLEVEL_SAMPLE.locations.plumber
  return {
    url: simulator.url,
    locationId: id,
    pit,
    state: () => simulator.state(),
    async control(method, path, body) {
      const response = await fetch(`${simulator.url}/__sim${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`The simulator refuses ${method} ${path}: ${await response.text()}`)
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
