import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventStream, type FlowDetail, LiveEvent, type RunDetail } from '@couplet/api'
import { startTestCouplet, type TestCouplet } from './test-couplet.ts'

const HOOK_FLOW = {
  format: 1,
  name: 'Keeps what arrives',
  trigger: { operation: 'builtin.webhook.received', version: 1 },
  steps: [
    {
      id: 'keep',
      kind: 'action',
      operation: 'builtin.table.put',
      version: 1,
      input: {
        table: { kind: 'value', value: 'inbox' },
        key: { kind: 'pill', path: ['trigger', 'id'] },
        value: { kind: 'object', fields: { word: { kind: 'pill', path: ['trigger', 'body', 'word'] } } },
      },
    },
  ],
}
const TEMPLATE = {
  id: 'inbox',
  title: 'Keep what arrives',
  summary: 'Writes each webhook into a table.',
  cannot: ['It cannot answer.'],
  connectors: [],
  tables: [
    {
      name: 'inbox',
      description: 'What arrived',
      columns: [{ name: 'word', title: 'Word', type: 'text' }],
      sandboxRows: [{ key: 'first', value: { word: 'hello' } }],
    },
  ],
  order: 1,
  ready: true,
}

let world: TestCouplet
let templatesDir: string
beforeAll(async () => {
  templatesDir = await mkdtemp(join(tmpdir(), 'couplet-templates-'))
  await mkdir(join(templatesDir, 'inbox'))
  await writeFile(join(templatesDir, 'inbox', 'template.json'), JSON.stringify(TEMPLATE))
  await writeFile(join(templatesDir, 'inbox', 'flow.json'), JSON.stringify(HOOK_FLOW))
  await mkdir(join(templatesDir, 'broken'))
  await writeFile(join(templatesDir, 'broken', 'template.json'), '{')
  world = await startTestCouplet({ templatesDir })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(templatesDir, { recursive: true, force: true })
})

const sample = async (): Promise<FlowDetail> => {
  const found = (await world.client.flows.list()).flows.find((flow) => flow.template === 'inbox')
  return world.client.flows.get({ params: { flow: found?.id ?? '' } })
}
const ended = async (runId: string): Promise<RunDetail> => {
  await expect
    .poll(async () => (await world.client.runs.get({ params: { run: runId } })).state, { timeout: 15_000 })
    .toMatch(/done|failed|skipped|cancelled/)
  return world.client.runs.get({ params: { run: runId } })
}
const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe('a first start', () => {
  test('has sandbox connections for all three vendors, and their test succeeds', async () => {
    const { connections } = await world.client.connections.list()
    expect(connections.map((connection) => connection.connector).toSorted()).toEqual([
      'heyzine',
      'highlevel',
      'highlevel',
      'highlevel',
      'payaca',
    ])
    for (const connection of connections)
      expect(await world.client.connections.test({ params: { connection: connection.id } })).toMatchObject({ works: true })
  })
  test('installs ready templates as published flows with their tables, and leaves out what cannot be read', async () => {
    expect(await sample()).toMatchObject({ state: 'on', version: 1, environment: 'sandbox' })
    expect((await world.client.tables.rows({ params: { table: 'inbox' } })).rows).toContainEqual(
      expect.objectContaining({ key: 'first', value: { word: 'hello' } }),
    )
    expect((await world.client.templates.list()).templates.map((template) => template.id)).toEqual(['inbox'])
  })
  test('says what many calls through a connection would take', async () => {
    const connection = (await world.client.connections.list()).connections.find(({ connector }) => connector === 'highlevel')
    const forecast = await world.client.quota.forecast({ query: { connection: connection?.id ?? '', calls: 3_200 } })
    // 80 calls in 10 s (a fifth is left to others), 200,000 a day.
    expect(forecast.sentence).toBe("3,200 calls: 6 min 40 s and 1.6 % of today's quota")
    await expect(world.client.quota.forecast({ query: { connection: 'con_nobody', calls: 1 } })).rejects.toMatchObject({
      code: 'connection.not_found',
    })
  })

  test('secrets never come back', async () => {
    const text = JSON.stringify([await world.client.connections.list(), await world.client.system.get()])
    expect(text).not.toMatch(/pit-|secrets|apiKey|clientSecret/)
  })
})

describe('webhooks', () => {
  test('a delivery starts a run whose steps are told, and the same delivery starts nothing', async () => {
    const flow = await sample()
    const hookUrl = flow.triggers[0]?.hookUrl ?? ''
    const response = await post(hookUrl, { word: 'spring' })
    expect(response.status).toBe(202)
    const { runs } = (await response.json()) as { runs: string[] }
    const run = await ended(runs[0] ?? '')
    expect(run).toMatchObject({ state: 'done', flowName: flow.name, can: ['replay'] })
    expect(run.steps).toMatchObject([
      { key: 'keep', kind: 'action', operation: 'builtin.table.put', state: 'done', attempts: [{ result: 'done' }] },
    ])
    expect(await (await post(hookUrl, { word: 'spring' })).json()).toMatchObject({ runs: [] })
  })
  test('is refused when too large, when nobody listens, and by another method than POST', async () => {
    const hookUrl = (await sample()).triggers[0]?.hookUrl ?? ''
    expect((await post(hookUrl, 'x'.repeat(1_000_001))).status).toBe(413)
    expect((await post(`${world.url}/hooks/${'a'.repeat(32)}`, {})).status).toBe(404)
    expect((await fetch(hookUrl)).status).toBe(405)
  })
  test('are kept while the flow is paused, and run when a person says so', async () => {
    const flow = await sample()
    const params = { flow: flow.id }
    await world.client.flows.pause({ params })
    expect(await (await post(flow.triggers[0]?.hookUrl ?? '', { word: 'while paused' })).json()).toMatchObject({ kept: true })
    await expect(world.client.flows.runKept({ params, body: {} })).rejects.toMatchObject({ code: 'flow.not_on' })
    await world.client.flows.resume({ params })
    expect((await world.client.deliveries.list({ query: { state: 'kept' } })).deliveries).toHaveLength(1)
    expect(await world.client.flows.runKept({ params, body: {} })).toEqual({ runs: 1, stayed: 0, reasons: [] })
  })
  test('that were kept are run or skipped when the flow goes on, as the person chose', async () => {
    const flow = await sample()
    const params = { flow: flow.id }
    const deliver = (word: string) => post(flow.triggers[0]?.hookUrl ?? '', { word })
    await world.client.flows.pause({ params })
    await deliver('to be skipped')
    expect((await world.client.flows.get({ params })).keptDeliveries).toBe(1)
    expect(await world.client.flows.resume({ params, body: { kept: 'skip' } })).toEqual({ runs: 0, stayed: 0, reasons: [], skipped: 1 })
    await world.client.flows.pause({ params })
    await deliver('to be run')
    expect(await world.client.flows.resume({ params, body: { kept: 'run' } })).toEqual({ runs: 1, stayed: 0, reasons: [], skipped: 0 })
    expect((await world.client.flows.get({ params })).keptDeliveries).toBe(0)
  })
  test('of an ordered flow that goes on: no new one overtakes a kept one', async () => {
    const { client } = world
    const made = await client.flows.create({ body: { from: 'template', template: 'inbox', name: 'Inbox in order' } })
    const params = { flow: made.id }
    const draft = { ...made.draft, orderedBy: '"all in one row"' }
    await client.flows.saveDraft({ params, body: { fromRevision: made.draftRevision, definition: draft } })
    await client.flows.publish({ params, body: {} })
    const hookUrl = (await client.flows.get({ params })).triggers[0]?.hookUrl ?? ''
    await client.flows.pause({ params })
    let count = 0
    const deliver = async () => {
      const answer = await post(hookUrl, { number: count++ })
      expect(answer.status).toBe(202)
    }
    for (let i = 0; i < 25; i++) await deliver()
    // The first kept one is held fast while more come in.
    const hold = await world.couplet.parts.engine.store.pool.connect()
    await hold.query('begin')
    await hold.query(
      "select from deliveries where id = (select min(id) from deliveries where state = 'kept' and trigger_id = $1) for update",
      [(await client.flows.get({ params })).triggers[0]?.id],
    )
    const resumed = client.flows.resume({ params, body: { kept: 'run' } })
    await vi.waitFor(async () => expect((await client.runs.list({ query: { flow: made.id } })).runs).not.toEqual([]), 10_000)
    for (let i = 0; i < 5; i++) await deliver()
    await hold.query('commit')
    hold.release()
    await resumed
    await deliver()
    expect((await client.flows.get({ params })).keptDeliveries).toBe(0)
    const { runs } = await client.runs.list({ query: { flow: made.id, limit: 200 } })
    const details = await Promise.all(runs.map(({ id }) => client.runs.get({ params: { run: id } })))
    const numbers = details.map(({ fact }) => (fact as { data: { body: { number: number } } }).data.body.number).toReversed()
    expect(numbers).toEqual(Array.from({ length: 31 }, (_, index) => index))
  })
})

describe('a webhook address with a secret of its own', () => {
  const asked = async (hookUrl: string, headers: Record<string, string>, word: string) =>
    (await fetch(hookUrl, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ word }) }))
      .status
  const flowWithAddress = async (name: string) => {
    const { id } = await world.client.flows.create({ body: { from: 'template', template: 'inbox', name } })
    const { flow } = await world.client.flows.publish({ params: { flow: id }, body: {} })
    const [trigger] = flow.triggers
    return { params: { flow: id, trigger: trigger?.id ?? '' }, hookUrl: trigger?.hookUrl ?? '', trigger }
  }
  /** Settings of a trigger are trusted for two seconds. */
  const inForce = (hookUrl: string, headers: Record<string, string>, status: number) => {
    let count = 0
    return expect.poll(() => asked(hookUrl, headers, `${hookUrl} ${status} ${count++}`), { timeout: 10_000 }).toBe(status)
  }

  test('refuses what comes without it, also after the next publications, and lists why', async () => {
    const { params, hookUrl, trigger } = await flowWithAddress('With a secret')
    expect(trigger?.hookProof).toEqual({ proof: 'none' })
    expect(await asked(hookUrl, {}, 'open')).toBe(202)
    const { secret } = await world.client.flows.setHookProof({ params, body: { proof: 'header' } })
    expect(secret).toMatch(/^[\w-]{43}$/)
    await inForce(hookUrl, {}, 401)
    expect(await asked(hookUrl, { 'x-couplet-secret': 'another secret' }, 'wrong')).toBe(401)
    expect(await asked(hookUrl, { 'x-couplet-secret': secret ?? '' }, 'right')).toBe(202)

    await world.client.flows.publish({ params, body: {} })
    const { flow: again } = await world.client.flows.publish({ params, body: {} })
    expect(again.triggers).toMatchObject([{ hookUrl, hookProof: { proof: 'header', header: 'x-couplet-secret' } }])
    expect(await asked(hookUrl, {}, 'after publication')).toBe(401)

    const { deliveries } = await world.client.deliveries.list({ query: { trigger: params.trigger, state: 'refused' } })
    expect(deliveries.map(({ reason }) => reason)).toContain('x-couplet-secret: the secret is not the one of this address')
    const owner = await world.owner()
    const { events } = await owner.client.audit.list({ query: { event: 'flow.webhook_proof_set' } })
    expect(events).toMatchObject([{ after: { proof: 'header' } }])
    const { rows } = await world.couplet.parts.engine.store.pool.query(
      `select t::text, encode(t.hook_secret, 'escape') from triggers t union all select d::text, null from deliveries d union all select a::text, null from audit_events a`,
    )
    const said = JSON.stringify([deliveries, events, again, await world.client.flows.exportFile({ params }), rows])
    expect(said).not.toContain(secret)

    expect(await world.client.flows.setHookProof({ params, body: { proof: 'none' } })).toEqual({ secret: null })
    await inForce(hookUrl, {}, 202)
  })

  test('takes what was signed with it, and nothing else', async () => {
    const { params, hookUrl } = await flowWithAddress('With a signature')
    const own = 'typed by a person'
    expect(await world.client.flows.setHookProof({ params, body: { proof: 'hmac-sha256', header: 'X-Own', secret: own } })).toEqual({
      secret: own,
    })
    await inForce(hookUrl, {}, 401)
    const signed = (word: string) => createHmac('sha256', own).update(JSON.stringify({ word })).digest('hex')
    expect(await asked(hookUrl, { 'x-own': signed('signed') }, 'signed')).toBe(202)
    expect(await asked(hookUrl, { 'x-own': signed('signed') }, 'altered')).toBe(401)
    expect(await asked(hookUrl, { 'x-own': own }, 'signed')).toBe(401)
  })

  test('is not for addresses of vendors, other flows, short secrets, or headers that are stored in the clear', async () => {
    const { params } = await flowWithAddress('With bad wishes')
    const other = await sample()
    const body = { proof: 'header' as const }
    await expect(world.client.flows.setHookProof({ params: { ...params, flow: other.id }, body })).rejects.toMatchObject({
      code: 'trigger.not_found',
    })
    for (const bad of [{ secret: 'short' }, { secret: 'a secret with\nanother line' }, { header: 'User-Agent' }, { header: 'a b' }])
      await expect(world.client.flows.setHookProof({ params, body: { ...body, ...bad } })).rejects.toMatchObject({
        code: 'request.invalid',
      })
    const manual = await world.client.flows.create({ body: { from: 'blank', name: 'By hand only', trigger: 'builtin.manual.started' } })
    const { flow } = await world.client.flows.publish({ params: { flow: manual.id }, body: {} })
    expect(flow.triggers).toMatchObject([{ hookProof: null }])
    await expect(
      world.client.flows.setHookProof({ params: { flow: manual.id, trigger: flow.triggers[0]?.id ?? '' }, body }),
    ).rejects.toMatchObject({ code: 'trigger.no_own_proof' })
  })
})

describe('the life of a flow', () => {
  test('edit, publish, compare, roll back, export, import', async () => {
    const { client } = world
    const flow = await client.flows.create({ body: { from: 'template', template: 'inbox', name: 'Second inbox' } })
    const params = { flow: flow.id }
    expect((await client.flows.publish({ params, body: { note: 'first' } })).version).toBe(1)
    const edited = await client.flows.saveDraft({
      params,
      body: {
        fromRevision: flow.draftRevision,
        edits: [{ kind: 'set-input', stepId: 'keep', input: 'key', mapping: { kind: 'value', value: 'only-one' } }],
      },
    })
    expect(edited.isDraftChanged).toBe(true)
    expect((await client.flows.diff({ params })).changes).toMatchObject([{ kind: 'changed', stepId: 'keep', member: 'input key' }])
    expect((await client.flows.publish({ params, body: {} })).flow).toMatchObject({ version: 2, isDraftChanged: false })
    expect(await client.flows.rollBack({ params: { ...params, version: 1 } })).toEqual({ version: 3 })
    expect((await client.flows.versions({ params })).versions.map((version) => [version.version, version.note])).toEqual([
      [3, 'Back to version 1'],
      [2, null],
      [1, 'first'],
    ])
    expect((await client.flows.diff({ params, query: { from: 1, to: 3 } })).changes).toEqual([])

    const { text, revision } = await client.flows.exportFile({ params })
    const imported = await client.flows.importFile({ params, body: { text: text.replace('only-one', 'another'), fromRevision: revision } })
    expect(JSON.stringify(imported.draft)).toContain('another')
    await client.flows.remove({ params })
    await expect(client.flows.get({ params })).rejects.toMatchObject({ code: 'flow.not_found' })
  })
  test('a preview evaluates the mappings of a step over samples, and shows a fault in place of a value', async () => {
    const flow = await sample()
    const preview = await world.client.flows.preview({
      body: { definition: flow.draft, step: 'keep', scope: { trigger: { id: 'x', body: { word: 'previewed' } } } },
    })
    expect(preview.values).toContainEqual({ place: 'input.value', value: { word: 'previewed' } })
    const formula = await world.client.flows.preview({
      body: {
        definition: {
          ...flow.draft,
          steps: [{ id: 'keep', kind: 'stop', outcome: 'done', reason: { kind: 'formula', formula: 'trigger.no.such' } }],
        },
        step: 'keep',
      },
    })
    expect(formula.values[0]?.fault?.message).toBeTruthy()
  })
  test('a run started by hand is listed, counted, found by its data, and replayed', async () => {
    const { client } = world
    const flow = await sample()
    const { runId } = await client.flows.start({
      params: { flow: flow.id },
      body: { fact: { id: 'by-hand', receivedAt: '2026-11-21T10:00:00.000Z', body: { word: 'needle' } } },
    })
    await ended(runId)
    expect((await client.runs.list({ query: { search: 'needle' } })).runs.map((run) => run.id)).toEqual([runId])
    const replayed = await client.runs.replay({ params: { run: runId }, body: {} })
    expect(await ended(replayed.runId)).toMatchObject({ state: 'done', replayOf: runId })
    expect((await client.runs.counts({ query: { flow: flow.id } })).counts.done).toBeGreaterThanOrEqual(2)
    const page = await client.runs.list({ query: { flow: flow.id, limit: 1 } })
    expect(page.next).toBe(page.runs[0]?.id)
    expect((await client.runs.list({ query: { flow: flow.id, limit: 1, before: page.next ?? '' } })).runs[0]?.id).not.toBe(page.next)
    await expect(client.runs.cancel({ params: { run: runId } })).rejects.toMatchObject({ code: 'run.not_possible' })
  })
})

describe('the catalogue', () => {
  test('lists operations without schemas and shows one with them', async () => {
    const { operations } = await world.client.catalogue.operations()
    expect(operations.length).toBeGreaterThan(80)
    const operation = await world.client.catalogue.operation({ params: { operation: 'heyzine.flipbook.set-tags' } })
    expect(operation).toMatchObject({ kind: 'action', connector: 'heyzine', input: { type: 'object' }, output: { type: 'object' } })
    expect((await world.client.catalogue.operations({ query: { search: 'flipbook tags' } })).operations.map((one) => one.id)).toContain(
      'heyzine.flipbook.set-tags',
    )
  })
  test('reads choices at the vendor, and Couplet’s own without one', async () => {
    const { connections } = await world.client.connections.list()
    const heyzine = connections.find((connection) => connection.connector === 'heyzine')
    const { choices } = await world.client.catalogue.choices({
      body: { connector: 'heyzine', list: 'flipbooks', connection: heyzine?.id ?? '' },
    })
    expect(choices.length).toBeGreaterThan(5)
    expect((await world.client.catalogue.choices({ body: { connector: 'builtin', list: 'tables' } })).choices).toContainEqual(
      expect.objectContaining({ value: 'inbox' }),
    )
    await expect(world.client.catalogue.choices({ body: { connector: 'heyzine', list: 'flipbooks' } })).rejects.toMatchObject({
      code: 'connection.missing',
    })
  })
  test('forms of connections, functions and the flow schema are served', async () => {
    const { connectors } = await world.client.catalogue.connectors()
    expect(connectors.find((connector) => connector.id === 'highlevel')).toMatchObject({
      factsForm: { properties: { locationId: {} } },
      secretsForm: { properties: { token: {} } },
    })
    expect((await world.client.catalogue.functions()).functions.length).toBeGreaterThan(20)
    expect(await world.client.catalogue.flowSchema()).toMatchObject({ $id: expect.stringContaining('flow:1') as unknown })
  })
})

test('tables and tasks can be kept by hand', async () => {
  const { client } = world
  await client.tables.put({
    params: { table: 'which customer' },
    body: { columns: [{ name: 'location', title: 'Location', type: 'text' }] },
  })
  await client.tables.putRow({ params: { table: 'which customer', key: 'a/b c' }, body: { value: { location: 'x' } } })
  expect((await client.tables.rows({ params: { table: 'which customer' } })).rows).toMatchObject([
    { key: 'a/b c', value: { location: 'x' } },
  ])
  await client.tables.removeRow({ params: { table: 'which customer', key: 'a/b c' } })
  await expect(client.tables.removeRow({ params: { table: 'which customer', key: 'a/b c' } })).rejects.toMatchObject({
    code: 'row.not_found',
  })
  await expect(client.tasks.close({ params: { task: 'task_x' }, body: {} })).rejects.toMatchObject({ code: 'task.not_found' })
})

test('a published file is served with exactly its type, and not again when the reader has it', async () => {
  const { store } = world.couplet.parts.engine
  const { FIRST_WORKSPACE } = await import('@couplet/store')
  const { token } = await store.artifacts.publish(FIRST_WORKSPACE, {
    name: 'r',
    contentType: 'application/pdf',
    bytes: new TextEncoder().encode('%PDF-1.7 sample'),
  })
  const url = `${world.url}/files/${token}.pdf`
  const response = await fetch(url)
  expect(response.headers.get('content-type')).toBe('application/pdf')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await response.text()).toBe('%PDF-1.7 sample')
  expect((await fetch(url, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } })).status).toBe(304)
  expect((await fetch(`${world.url}/files/${'x'.repeat(32)}.pdf`)).status).toBe(404)
})

test('events tell what runs do', async () => {
  const stop = new AbortController()
  const response = await fetch(world.url + eventStream.path, { signal: stop.signal, headers: world.headers })
  const flow = await sample()
  const { runId } = await world.client.flows.start({ params: { flow: flow.id }, body: {} })
  let text = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  while (!text.includes(`"runId":"${runId}"`)) text += (await reader?.read())?.value ?? ''
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [LiveEvent.parse(JSON.parse(line.slice(6)))] : []))
  expect(events).toContainEqual(expect.objectContaining({ kind: 'run', runId }))
  stop.abort()
})

test('health, readiness, the OpenAPI document and a page are served', async () => {
  for (const path of ['/healthz', '/readyz', '/api/openapi.json', '/']) expect((await fetch(world.url + path)).status, path).toBe(200)
  expect((await fetch(`${world.url}/../../package.json`)).status).toBe(404)
})

test('a second start registers nothing twice, and brings nothing back that was removed', async () => {
  const { couplet, databaseUrl, dataDir } = world
  const before = (await world.client.connections.list()).connections.map((connection) => connection.id)
  const flows = (await world.client.flows.list()).flows.map((flow) => flow.id)
  await couplet[Symbol.asyncDispose]()
  {
    await using again = await startTestCouplet({ templatesDir, settings: { DATABASE_URL: databaseUrl, COUPLET_DATA: dataDir } })
    const after = (await again.client.connections.list()).connections
    expect(after.map((connection) => connection.id)).toEqual(before)
    expect((await again.client.flows.list()).flows.map((flow) => flow.id)).toEqual(flows)
    for (const connection of after)
      expect(await again.client.connections.test({ params: { connection: connection.id } })).toMatchObject({ works: true })
  }
})
