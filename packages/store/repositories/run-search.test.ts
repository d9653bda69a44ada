import { newId } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIRST_WORKSPACE } from '../store.ts'
import { openTestStore } from '../test-support/open-test-store.ts'

let tested: Awaited<ReturnType<typeof openTestStore>>
let flowId: Awaited<ReturnType<typeof tested.store.flows.create>>['id']

beforeAll(async () => {
  tested = await openTestStore()
  flowId = (await tested.store.flows.create({ workspaceId: FIRST_WORKSPACE, name: 'Searched', environment: 'live', draft: {} })).id
})
afterAll(() => tested[Symbol.asyncDispose]())

/** Runs as they lie in history, `count` of them, the fact made from the number. */
const HISTORY = `
  insert into runs (id, workspace_id, flow_id, version, environment, key, fact, state, summary, finished_at)
  select 'run_' || lpad(to_hex(n), 26, '0'), $1, $2, 1, 'live', 'key:' || n,
    jsonb_build_object('at', now(), 'data', jsonb_build_object('email', 'person.' || n || '@example.org', 'note', 'Größe ' || n)), 'done', 'Sent to client ' || n, now()
  from generate_series(1, $3::int) n`

const find = async (search: string): Promise<(string | null)[]> =>
  (await tested.store.runs.list(FIRST_WORKSPACE, { search, limit: 10 })).map((run) => run.summary)

const startRun = async (data: Record<string, string>) =>
  (
    await tested.store.runs.start({
      workspaceId: FIRST_WORKSPACE,
      flowId,
      version: 1,
      triggerId: null,
      connectionId: null,
      environment: 'live',
      key: null,
      fact: { at: 'now', data },
    })
  ).runId

describe('searching in runs', () => {
  beforeAll(async () => {
    await tested.store.pool.query(HISTORY, [FIRST_WORKSPACE, flowId, 2_500])
    let added = 0
    do added = await tested.store.logIndex.addRuns({ before: Date.now(), limit: 700 })
    while (added === 700)
  })

  test('finds old ones by any value of their data, its beginning, their key, their summary, and their id', async () => {
    expect(await find('person.77@example.org')).toEqual(['Sent to client 77'])
    expect(await find('PERSON.1234@exam')).toEqual(['Sent to client 1234'])
    expect(await find('größe 998')).toEqual(['Sent to client 998'])
    expect(await find('key:1001')).toEqual(['Sent to client 1001'])
    expect(await find('client 742')).toEqual(['Sent to client 742'])
    const [run] = await tested.store.runs.list(FIRST_WORKSPACE, { search: 'person.5@example.org' })
    expect(await find(run?.id ?? '')).toEqual(['Sent to client 5'])
    expect(await find(newId('run'))).toEqual([])
  })

  test('finds the newest at once, before they have their words', async () => {
    const runId = await startRun({ reference: 'brand-new/1' })
    expect((await tested.store.runs.list(FIRST_WORKSPACE, { search: 'brand-new/1' })).map((run) => run.id)).toEqual([runId])
  })

  test('takes the text as typed: words in another order, wildcards and quotes find nothing by themselves', async () => {
    expect(await find('example.org person.77')).toEqual([])
    expect(await find('person_77@example')).toEqual([])
    expect(await find("'; drop table runs; --")).toEqual([])
    expect(await find('%')).toEqual([])
    expect(await find('...')).toEqual([])
  })

  test('goes on from page to page, across the boundary between read ones and those with words', async () => {
    const seen: string[] = []
    let before: Awaited<ReturnType<typeof tested.store.runs.list>>[number]['id'] | undefined
    for (;;) {
      const page = await tested.store.runs.list(FIRST_WORKSPACE, { search: 'example.org', limit: 200, before })
      seen.push(...page.map((run) => run.id))
      before = page.at(-1)?.id
      if (page.length < 200) break
    }
    expect(seen).toHaveLength(2_500)
    expect(new Set(seen).size).toBe(2_500)
    const oldestFirst: typeof seen = []
    for (let after: typeof before; ;) {
      const page = await tested.store.runs.list(FIRST_WORKSPACE, { search: 'example.org', limit: 200, after, isOldestFirst: true })
      oldestFirst.push(...page.map((run) => run.id))
      after = page.at(-1)?.id
      if (page.length < 200) break
    }
    expect(oldestFirst).toEqual(seen.toReversed())
  })

  test('counts them without looking at each: those with words, newer ones, and fewer after some were removed', async () => {
    const { store } = tested
    await store.pool.query("update runs set state = 'failed' where summary like 'Sent to client 10_'")
    const before = await store.runs.counts(FIRST_WORKSPACE)
    expect(before).toMatchObject({ done: 2_490, failed: 10, queued: 1, parked: 0 })
    expect(await store.runs.counts(FIRST_WORKSPACE, flowId)).toEqual(before)
    expect(await store.retention.deleteRunsBeyond({ max: 2_400, limit: 1_000 })).toBe(101)
    // The first 100 went, and the first of those that had failed.
    expect(await store.runs.counts(FIRST_WORKSPACE)).toMatchObject({ done: 2_391, failed: 8, queued: 1 })
    expect(await find('person.77@example.org')).toEqual([])
  })

  test('gives each run its words once, whoever asks', async () => {
    await Promise.all([1, 2, 3].map(() => tested.store.logIndex.addRuns({ before: Date.now() + 1_000, limit: 10 })))
    const { rows } = await tested.store.pool.query<{ runs: string; words: string }>(
      'select (select count(*) from runs) as runs, (select count(*) from run_index) as words',
    )
    expect(rows[0]?.words).toBe(rows[0]?.runs)
  })

  test('takes what is no word too: files in text form, emoji, and letters of any script, and goes on with the runs after it', async () => {
    const file = 'iVBORw0KGgo'.repeat(3_000)
    const [picture, greek, plain] = [
      await startRun({ file, name: 'picture-of-the-van' }),
      await startRun({ name: 'ΟΔΥΣΣΕΥΣ 😀 İstanbul' }),
      await startRun({ name: 'after-those-two' }),
    ]
    while ((await tested.store.logIndex.addRuns({ before: Date.now() + 1_000, limit: 10 })) === 10);
    // So many are read whatever the index says.
    await tested.store.pool.query(HISTORY.replace("'run_'", "'run_zz'").replace('26', '24'), [FIRST_WORKSPACE, flowId, 1_100])
    const found = async (search: string) => (await tested.store.runs.list(FIRST_WORKSPACE, { search })).map((run) => run.id)
    expect(await found('after-those-two')).toEqual([plain])
    expect(await found('picture-of-the-van')).toEqual([picture])
    expect(await found(file.slice(0, 200))).toEqual([picture])
    expect(await found('ΟΔΥΣΣΕΥΣ')).toEqual([greek])
    expect(await found('istanbul')).toEqual([])
    expect(await found('İstanbul')).toEqual([greek])
  })
})
