import { newId } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resumeParkedAt } from '../run/run-actions.ts'
import { engineWorld, type EngineWorld } from '../test-support/engine-world.ts'
import { find, pay, set } from '../test-support/steps.ts'
import { replayIncident } from './replay-incident.ts'
import { createWatch, type Watch } from './watch.ts'
import { incidentTitle } from './words.ts'

let world: EngineWorld
let watch: Watch
beforeEach(async () => {
  world = await engineWorld()
  watch = createWatch(world.engine.parts)
})
afterEach(() => world[Symbol.asyncDispose]())

const incidents = async (isOpen = true) => {
  await watch.look()
  return world.store.incidents.list(FIRST_WORKSPACE, { isOpen, limit: 50 })
}
const title = (incident: Parameters<typeof incidentTitle>[0]) => incidentTitle(incident, () => 'Acme')

describe('failures', () => {
  test('of one vendor with one reason are one incident, with every flow and run it hits', async () => {
    const first = await world.publish({ name: 'First', steps: [find('look', 'a')] })
    const second = await world.publish({ name: 'Second', steps: [set('put', 'a')] })
    world.vendor.script = () => ({ status: 401 })
    for (const [flow, id] of [
      [first, 'a'],
      [first, 'b'],
      [second, 'c'],
    ] as const)
      expect((await world.settle(await world.start(flow, id))).state).toBe('parked')
    const [incident, ...others] = await incidents()
    expect(others).toEqual([])
    expect(incident).toMatchObject({
      cause: 'connection',
      connector: 'acme',
      runs: 3,
      runsLeft: 3,
      flows: [{ name: 'First' }, { name: 'Second' }],
      connections: [{ name: 'Acme shop', state: 'needs-attention' }],
    })
    expect(incident && title(incident)).toBe('Acme refuses access (401) on Acme shop')

    // Looking again changes nothing; repaired, and its runs gone on, it is over.
    expect(await incidents()).toMatchObject([{ id: incident?.id, runs: 3 }])
    world.vendor.script = undefined
    world.vendor.things.set('a', { id: 'a', ref: 'a', value: 1 })
    await world.store.connections.setState(world.connectionId, 'ready', null)
    await resumeParkedAt(world.engine.parts, FIRST_WORKSPACE, 'Ada', [world.connectionId])
    for (const flow of [first, second]) for (const run of await world.runsOf(flow.flowId)) await world.settle(run.id)
    expect(await incidents()).toEqual([])
    expect(await incidents(false)).toMatchObject([{ id: incident?.id, endedBecause: 'recovered', runsLeft: 0 }])
  })

  test('of one step are one incident; replaying it starts each failed run once, and it ends when they are done', async () => {
    const flow = await world.publish({ name: 'Sets', steps: [set('put', 'a')] })
    world.vendor.script = () => ({ status: 422 })
    for (const id of ['a', 'b', 'c', 'd']) await world.settle(await world.start(flow, id))
    const [incident] = await incidents()
    if (!incident) throw new Error('There is no incident')
    expect(incident).toMatchObject({ cause: 'failing-step', step: 'put', runs: 4, runsLeft: 4, flows: [{ name: 'Sets' }] })
    expect(title(incident)).toBe('Sets fails at step put: 4 runs')

    world.vendor.script = undefined
    const replay = await replayIncident(world.engine.parts, incident, { version: 'same', by: 'Ada' })
    expect(replay).toMatchObject({ resumed: 0, refused: [] })
    expect(replay.started).toHaveLength(4)
    expect((await replayIncident(world.engine.parts, incident, { version: 'same', by: 'Ada' })).started).toEqual([])
    for (const run of replay.started) expect((await world.settle(run)).state).toBe('done')
    expect(await incidents()).toEqual([])
  })

  test('of different steps, flows or reasons stay apart, and uncertain writes are an incident of their own', async () => {
    const one = await world.publish({ name: 'One', steps: [set('put', 'a')] })
    const two = await world.publish({ name: 'Two', steps: [pay('send', 'p')] })
    world.vendor.script = ({ method }) => (method === 'POST' ? 'hang-up' : { status: 422 })
    await world.settle(await world.start(one, 'a'))
    expect((await world.settle(await world.start(two, 'b'))).state).toBe('parked')
    world.vendor.script = () => ({ status: 409 })
    await world.settle(await world.start(one, 'c'))
    expect((await incidents()).map(({ cause }) => cause).toSorted()).toEqual(['failing-step', 'failing-step', 'uncertain'])
  })
})

test('a flow of which many runs fail is noticed by its share of failures, whatever others do', async () => {
  const failing = await world.publish({ name: 'Often', steps: [set('put', 'a')] })
  const healthy = await world.publish({ name: 'Seldom', steps: [set('put', 'a')] })
  const ofRate = async () => (await incidents()).filter(({ cause }) => cause === 'failure-rate')
  await watch.look()
  await world.database.pool.query("update alert_rules set environments = '{live,sandbox}'")
  const add = async ({ flowId }: typeof failing, state: string, count: number) =>
    world.database.pool.query(
      `insert into runs (id, workspace_id, flow_id, version, environment, key, fact, state, finished_at)
       select id, $2, $3, 1, 'sandbox', id, '{}', $4, now() from unnest($1::text[]) id`,
      [Array.from({ length: count }, () => newId('run', world.clock.now())), FIRST_WORKSPACE, flowId, state],
    )
  await add(failing, 'failed', 3)
  await add(failing, 'done', 6)
  await add(healthy, 'failed', 3)
  await add(healthy, 'done', 13)
  // A third have failed, but nine runs are too few to say so; of the other a fifth is not reached.
  expect(await ofRate()).toEqual([])
  await add(failing, 'done', 6)
  expect(await ofRate()).toMatchObject([{ flows: [{ name: 'Often' }], figures: { percent: 20, failed: 3, ended: 15 } }])
  await add(failing, 'done', 1)
  expect(await ofRate()).toEqual([])
})

test('a flow that falls silent is noticed by the rhythm it had, and forgotten when it runs again', async () => {
  const flow = await world.publish({ name: 'Every hour', steps: [set('put', 'a')] })
  const silent = async () => (await incidents()).filter(({ cause }) => cause === 'silence')
  await world.database.pool.query("update alert_rules set environments = '{live,sandbox}'")
  await watch.look()
  await world.database.pool.query("update alert_rules set environments = '{live,sandbox}'")
  for (let hour = 0; hour < 30; hour++) {
    world.clock.advance(3_600_000)
    // Ids hold the time they were made at.
    await world.database.pool.query(
      `insert into runs (id, workspace_id, flow_id, version, environment, key, fact, state, created_at)
       values ($1, $2, $3, 1, 'sandbox', $4, '{}', 'done', $5)`,
      [newId('run', world.clock.now()), FIRST_WORKSPACE, flow.flowId, `h${hour}`, new Date(world.clock.now())],
    )
  }
  world.clock.advance(50 * 60_000)
  expect(await silent()).toEqual([])
  world.clock.advance(3 * 3_600_000)
  const [incident] = await silent()
  expect(incident).toMatchObject({ flows: [{ name: 'Every hour' }], figures: { because: 'rhythm' } })
  expect(incident && title(incident)).toBe('Every hour has not run for 4 h, which is unlike it')

  await world.database.pool.query('update runs set created_at = $1 where id = (select max(id) from runs)', [new Date(world.clock.now())])
  expect(await silent()).toEqual([])
})
