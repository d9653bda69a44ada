import { setTimeout as pause } from 'node:timers/promises'
import type { FlowDefinition } from '@couplet/flow'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { allRuns, decideUncertain, storiesOf, type Story } from './audit.ts'
import { type CoupletChild, startChild } from './child-process.ts'
import { type Lab, openLab, publishLab } from './lab.ts'
import { type LabVendor, startLabVendor } from './lab-vendor.ts'
import { type Answer, type Asked, askOnce } from './person.ts'
import { sendEvents } from './sender.ts'
import { until } from './until.ts'

/** A Couplet under whose feet one process is killed. */
export type World = {
  database: TestDatabase
  lab: Lab
  vendor: LabVendor
  hookToken: string
  send: (ids: readonly string[]) => Promise<unknown>
  /** Asks until there is an answer, as a person does whose page did not load. */
  ask: (asked: Asked) => Promise<Answer>
}

/** What goes on at the places of one kind. */
export type Scenario = {
  flow: FlowDefinition
  /** Before any process is started. */
  prepare?(world: World): Promise<void> | void
  /** Resolves when all that is to happen has begun; the runs are waited for by whoever plays it. */
  play(world: World): Promise<void>
  /** What else must be equal to the twin's. */
  audit?(world: World): Promise<unknown>
}

export type Victim = 'web' | 'worker'

export type Ending = {
  wasKilled: boolean
  stories: Record<string, Story[]>
  /** Each write that must not be repeated, as often as the vendor saw it. */
  writes: string[]
  audit: unknown
}

const FINAL = new Set(['done', 'failed', 'skipped', 'cancelled'])

/** Plays a scenario while the victim is killed at the failpoint, once, and replaced; without a failpoint nobody is killed. */
export async function playScenario(scenario: Scenario, kill?: { failpoint: string; nth: number; victim: Victim }): Promise<Ending> {
  await using parts = new AsyncDisposableStack()
  const database = parts.use(await testDatabase())
  const vendor = parts.use(await startLabVendor())
  const lab = parts.use(openLab({ url: database.url, vendorUrl: vendor.url, connectionsMax: 3 }))
  const { hookToken } = await publishLab(lab, vendor.url, scenario.flow)

  const children: CoupletChild[] = []
  parts.defer(() => Promise.all(children.map((child) => child.kill('SIGKILL'))).then(() => undefined))
  const start = async (victim: Victim, failpoints = ''): Promise<CoupletChild> => {
    const roles = { isWeb: victim === 'web', isWorker: victim === 'worker' }
    const child = await startChild({ url: database.url, vendorUrl: vendor.url, connectionsMax: 6, ...roles, failpoints })
    children.push(child)
    return child
  }
  const failpointsOf = (victim: Victim) => (kill?.victim === victim ? `${kill.failpoint}:${kill.nth}=kill` : '')

  let webUrl = ''
  const world: World = {
    database,
    lab,
    vendor,
    hookToken,
    send: (ids) => sendEvents({ ids, hookToken, webUrl: () => webUrl }),
    ask: async (asked) => {
      for (;;) {
        const answer = await askOnce(webUrl, asked)
        if (answer) return answer
        await pause(50)
      }
    },
  }
  await scenario.prepare?.(world)
  const [web, worker] = await Promise.all([start('web', failpointsOf('web')), start('worker', failpointsOf('worker'))])
  webUrl = web.webUrl
  let wasKilled = false
  const replaced = kill
    ? (kill.victim === 'web' ? web : worker).exited.then(async () => {
        wasKilled = true
        const next = await start(kill.victim)
        if (kill.victim === 'web') webUrl = next.webUrl
      })
    : Promise.resolve()

  await scenario.play(world)
  if (kill) await until(`the ${kill.victim} was killed at ${kill.failpoint}`, () => wasKilled, 20_000)
  await replaced
  await until('all runs have ended', async () => {
    const runs = await allRuns(lab)
    if (runs.every((run) => FINAL.has(run.state))) return true
    if (runs.every((run) => FINAL.has(run.state) || run.state === 'parked')) await decideUncertain(lab, vendor)
    return false
  })
  return {
    wasKilled,
    stories: Object.fromEntries(await storiesOf(lab)),
    writes: vendor.writes.flatMap(({ kind, ref }) => (kind === 'mark' ? [] : `${kind} ${ref}`)).toSorted(),
    audit: await scenario.audit?.(world),
  }
}
