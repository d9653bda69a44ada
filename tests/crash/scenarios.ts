import { allRuns } from './audit.ts'
import { labFlow } from './lab.ts'
import type { Scenario, World } from './place-case.ts'
import { until } from './until.ts'

const FAILING = ['event-1', 'event-2', 'event-3', 'event-4', 'event-5']

const untilRuns = (what: string, world: World, isSo: (states: string[]) => boolean): Promise<void> =>
  until(what, async () => isSo((await allRuns(world.lab)).map((run) => run.state)))

const idOfFirst = async ({ lab }: World): Promise<string> => (await allRuns(lab))[0]?.id ?? ''

/** Runs sleep and wake by their timers. */
export const sleeping: Scenario = {
  flow: labFlow('hook', { wait: '1 s' }),
  play: async ({ send }) => void (await send(['event-1', 'event-2', 'event-3'])),
}

/** A list is scanned twice: first all of it, then with one item changed, one new and one gone. */
export const scanned: Scenario = {
  flow: labFlow('scan'),
  prepare: ({ vendor }) => {
    for (const ref of ['item-1', 'item-2', 'item-3']) vendor.list.set(ref, 'first')
  },
  play: async (world) => {
    const { lab, vendor, database } = world
    await untilRuns('the first scan is known', world, (states) => states.length === 3)
    vendor.list.set('item-2', 'changed').set('item-4', 'new').delete('item-1')
    const scanAgain = async (runs: number) => {
      const { rows } = await database.pool.query<{ id: string; scans: number }>('select id, scans from triggers')
      await database.pool.query('update triggers set next_poll_at = now()')
      await until('it was scanned again', async () => {
        const now = await database.pool.query<{ scans: number }>('select scans from triggers')
        return Number(now.rows[0]?.scans) > Number(rows[0]?.scans)
      })
      await until('its changes are known', async () => (await allRuns(lab)).length === runs)
    }
    await scanAgain(5)
    // Missing from two scans, it counts as removed.
    await scanAgain(6)
  },
  audit: async ({ database }) =>
    (await database.pool.query('select item_id, revision, missing, is_removed from trigger_items order by item_id')).rows,
}

/** The vendor took an order and said nothing; a person who has looked says "send again". */
export const uncertain: Scenario = {
  flow: labFlow('hook'),
  play: async (world) => {
    let isFirst = true
    world.vendor.trouble = ({ path }) => {
      if (path !== '/orders' || !isFirst) return 'none'
      isFirst = false
      return 'hang-up'
    }
    await world.send(['event-1'])
    await untilRuns('the run is parked', world, ([state]) => state === 'parked')
    await world.ask({ what: 'send-again', run: await idOfFirst(world), step: 'order' })
    await untilRuns('the run is done', world, ([state]) => state === 'done')
  },
}

/** A run waits for a person, who approves. */
export const approved: Scenario = {
  flow: labFlow('hook', { question: 'Order it?' }),
  play: async (world) => {
    await world.send(['event-1'])
    await untilRuns('the run waits', world, ([state]) => state === 'waiting')
    await world.ask({ what: 'approve', run: await idOfFirst(world), step: 'ask' })
    await untilRuns('the run is done', world, ([state]) => state === 'done')
  },
}

/** Five runs failed for items that were missing; a person replays them all, again when there was no answer. */
export const replayed: Scenario = {
  flow: labFlow('hook'),
  prepare: ({ vendor }) => {
    for (const ref of FAILING) vendor.missing.add(ref)
  },
  play: async (world) => {
    await world.send(FAILING)
    await untilRuns('all have failed', world, (states) => states.length === FAILING.length && states.every((state) => state === 'failed'))
    world.vendor.missing.clear()
    await world.ask({ what: 'replay-failed' })
  },
  audit: async ({ database }) =>
    (
      await database.pool.query(`select r.key, array_agg(again.state) as replays from runs r left join runs again on again.replay_of = r.id
        where r.replay_of is null group by r.key order by r.key`)
    ).rows,
}
