import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cancelRun } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { allRuns, decideUncertain } from './audit.ts'
import { type CoupletChild, startChild } from './child-process.ts'
import { type Lab, labFlow, openLab, publishLab } from './lab.ts'
import { type LabVendor, startLabVendor } from './lab-vendor.ts'
import { sendEvents } from './sender.ts'
import { until } from './until.ts'

let database: TestDatabase
let vendor: LabVendor
let lab: Lab
let children: CoupletChild[] = []

const ORDERED = 'trigger.body.key'
const FINAL = new Set(['done', 'failed', 'skipped', 'cancelled'])
const allEnded = async (): Promise<boolean> => (await allRuns(lab)).every((run) => FINAL.has(run.state))
const waits = async (): Promise<{ state: string; wait: { kind?: string; behind?: string; why?: string } | null }[]> =>
  (await database.pool.query('select state, wait from runs order by id')).rows
const turnsLeft = async (): Promise<number> => (await database.pool.query('select from order_turns')).rowCount ?? 0
/** The refs in the order in which the vendor saw their writes, each once for every uninterrupted stretch. */
const stretches = (key: string): string[] =>
  vendor.writes
    .filter((write) => write.ref.startsWith(`${key}.`))
    .map((write) => write.ref)
    .filter((ref, index, all) => ref !== all[index - 1])
const ask = async (hookToken: string, refs: readonly string[]): Promise<void> => {
  for (const id of refs)
    await lab.engine.ingress.receive({
      token: hookToken,
      raw: Buffer.from(JSON.stringify({ id, key: id.split('.')[0] })),
      headers: { 'content-type': 'application/json' },
    })
}

beforeEach(async () => {
  database = await testDatabase()
  vendor = await startLabVendor()
  lab = openLab({ url: database.url, vendorUrl: vendor.url })
})
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill('SIGKILL')))
  children = []
  await lab[Symbol.asyncDispose]()
  await vendor[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

describe('a flow ordered by a key', { timeout: 60_000 }, () => {
  test('works on the facts of a key one after the other in arrival order, over three processes, 200 facts and 10 keys', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { orderedBy: ORDERED }))
    const orders = { url: database.url, vendorUrl: vendor.url, connectionsMax: 8 }
    const [web] = (children = await Promise.all([
      startChild({ ...orders, isWeb: true, isWorker: true }),
      startChild({ ...orders, isWeb: false, isWorker: true }),
      startChild({ ...orders, isWeb: false, isWorker: true }),
    ]))
    const keys = Array.from({ length: 10 }, (_, index) => `key${index}`)
    const refsOf = (key: string): string[] => Array.from({ length: 20 }, (_, index) => `${key}.${index + 1}`)
    await Promise.all(keys.map((key) => sendEvents({ ids: refsOf(key), hookToken, webUrl: () => web?.webUrl ?? '', atOnce: 1 })))
    await until('all runs have ended', async () => (await allRuns(lab)).length === 200 && (await allEnded()))
    for (const key of keys) expect(stretches(key)).toEqual(refsOf(key))
    expect([...vendor.overlaps]).toEqual([])
    expect(await turnsLeft()).toBe(0)
  })

  test('keeps the order across waits, and says behind which run a run waits', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { orderedBy: ORDERED, wait: '2 s' }))
    await ask(hookToken, ['a.1', 'a.2', 'a.3', 'b.1'])
    await lab.engine.start()
    await until(
      'the second and third wait for their turn',
      async () => (await waits()).filter(({ wait }) => wait?.kind === 'order').length === 2,
    )
    const [first, second] = await allRuns(lab)
    expect((await waits())[1]?.wait).toMatchObject({ behind: first?.id, why: 'Waits until an earlier run of the same key has ended.' })
    expect(second?.state).toBe('waiting')
    await until('all have ended', allEnded)
    expect(stretches('a')).toEqual(['a.1', 'a.2', 'a.3'])
    // Another key waited for nobody.
    expect(vendor.writes.findIndex((write) => write.ref === 'b.1')).toBeLessThan(vendor.writes.findIndex((write) => write.ref === 'a.2'))
  })

  test('a failed run lets the next one go on', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { orderedBy: ORDERED, steps: 'harmless' }))
    vendor.missing.add('a.1')
    await ask(hookToken, ['a.1', 'a.2'])
    await lab.engine.start()
    await until('both have ended', allEnded)
    expect((await allRuns(lab)).map((run) => run.state)).toEqual(['failed', 'done'])
    expect(await turnsLeft()).toBe(0)
  })

  test('a parked run holds those behind it and they say so; a cancelled one in the middle is skipped', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { orderedBy: ORDERED }))
    let isFirst = true
    vendor.trouble = ({ path }) => {
      if (path !== '/orders' || !isFirst) return 'none'
      isFirst = false
      return 'hang-up'
    }
    await ask(hookToken, ['a.1', 'a.2', 'a.3'])
    await lab.engine.start()
    await until('the first is parked and the others wait', async () => {
      const [first, ...others] = await waits()
      return first?.state === 'parked' && others.every(({ wait }) => wait?.kind === 'order')
    })
    await until('they say why', async () =>
      (await waits())
        .slice(1)
        .every(({ wait }) => wait?.why === 'Waits behind an earlier run of the same key, which is parked until a person decides.'),
    )
    const [, second] = await allRuns(lab)
    if (second) await cancelRun(lab.engine.parts, FIRST_WORKSPACE, second.id)
    await until('the second is cancelled', async () => (await allRuns(lab))[1]?.state === 'cancelled')
    expect((await waits())[2]?.state).toBe('waiting')

    expect(await decideUncertain(lab, vendor)).toBe(1)
    await until('all have ended', allEnded)
    expect((await allRuns(lab)).map((run) => run.state)).toEqual(['done', 'cancelled', 'done'])
    expect(stretches('a')).toEqual(['a.1', 'a.3'])
  })

  test('a run cancelled while it is being put behind another ends at once', async () => {
    const { hookToken } = await publishLab(lab, vendor.url, labFlow('hook', { orderedBy: ORDERED, wait: '1 h' }))
    await ask(hookToken, ['a.1'])
    await lab.engine.start()
    await until('the first sleeps', async () => (await waits())[0]?.state === 'waiting')
    const { turns } = lab.store
    const take = turns.take.bind(turns)
    turns.take = async (runId) => {
      await cancelRun(lab.engine.parts, FIRST_WORKSPACE, runId)
      return take(runId)
    }
    await ask(hookToken, ['a.2'])
    await until('the second is cancelled', async () => (await allRuns(lab))[1]?.state === 'cancelled', 10_000)
    expect((await waits())[0]?.state).toBe('waiting')
  })
})
