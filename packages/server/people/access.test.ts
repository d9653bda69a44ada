import {
  addressOf,
  allEndpoints,
  createClient,
  type Endpoint,
  isPermission,
  permissionsOf,
  ProblemDocument,
  type Role,
  ROLES,
} from '@couplet/api'
import { newId } from '@couplet/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { joinAs, signInAs, type TestAccount } from '../../../tests/support/account.ts'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

const PASSWORD = 'a long enough password'
const roles = Object.keys(ROLES) as Role[]

let world: TestCouplet
let owner: TestAccount
const members = new Map<Role, TestAccount>()
/** Somebody of another workspace, who owns it. */
let stranger: TestAccount
let elsewhere = ''
beforeAll(async () => {
  world = await startTestCouplet()
  owner = await world.owner()
  members.set('owner', owner)
  for (const role of roles.filter((one) => one !== 'owner')) {
    const { url } = await owner.client.people.invite({ body: { email: `${role}@example.org`, role } })
    members.set(role, await joinAs(world.url, url, { email: `${role}@example.org`, name: `The ${role}`, password: PASSWORD }))
  }
  elsewhere = (await owner.client.workspace.create({ body: { name: 'Elsewhere', timeZone: 'UTC' } })).id
  const inviting = createClient({ baseUrl: world.url, headers: { ...world.headers, 'couplet-workspace': elsewhere } })
  const { url } = await inviting.people.invite({ body: { email: 'stranger@example.org', role: 'owner' } })
  stranger = await joinAs(world.url, url, { email: 'stranger@example.org', name: 'A stranger', password: PASSWORD })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())

/** Ids that exist nowhere, so that a call that is let through changes nothing. */
const NOWHERE: Readonly<Record<string, string>> = {
  flow: newId('flow'),
  run: newId('run'),
  connection: newId('con'),
  person: newId('per'),
  invitation: newId('inv'),
  token: newId('tok'),
  session: newId('ses'),
}
const addressFor = (endpoint: Endpoint, ids: Readonly<Record<string, string>> = NOWHERE): string =>
  addressOf(endpoint, {
    params: Object.fromEntries(Object.keys(endpoint.params.shape).map((name) => [name, ids[name] ?? 'nothing'])),
    query: {},
  })

/** Sends what no schema takes, so that an endpoint that lets the caller through refuses the request before it acts; those without a body say so at once. */
async function statusOf(
  endpoint: Endpoint,
  headers: Record<string, string>,
  ids?: Readonly<Record<string, string>>,
  body: unknown = 'none',
): Promise<{ status: number; code: string }> {
  const stop = new AbortController()
  const response = await fetch(world.url + addressFor(endpoint, ids), {
    method: endpoint.method,
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
    ...(endpoint.method === 'GET' ? {} : { body: JSON.stringify(body) }),
    signal: stop.signal,
  })
  if ((response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
    stop.abort()
    return { status: response.status, code: '' }
  }
  const problem = ProblemDocument.safeParse(await response.json().catch(() => undefined))
  return { status: response.status, code: problem.success ? problem.data.code : '' }
}

describe('every endpoint', () => {
  const closed = allEndpoints.filter((endpoint) => endpoint.permission !== 'anyone')
  test.each(closed.map((endpoint) => [endpoint.id, endpoint] as const))('%s refuses who is not signed in', async (_, endpoint) => {
    for (const headers of [{}, { authorization: 'Bearer cpl_made-up' }, { cookie: 'couplet.session_token=made.up' }])
      expect(await statusOf(endpoint, headers)).toEqual({ status: 401, code: 'request.signed_out' })
  })

  // Those that act without a body or parameter would do so here; what they may is asked the same way.
  const harmless = allEndpoints.filter(
    (endpoint) =>
      isPermission(endpoint.permission) && (endpoint.method === 'GET' || endpoint.body !== undefined || endpoint.path.includes(':')),
  )
  test.each(roles)('lets the %s do what the table of permissions says, and nothing else', async (role) => {
    const { cookie } = members.get(role) ?? owner
    const allowed = permissionsOf(role)
    for (const endpoint of harmless) {
      const { code } = await statusOf(endpoint, { cookie })
      expect(code === 'request.not_permitted', `${role}, ${endpoint.id}`).toBe(
        !isPermission(endpoint.permission) || !allowed.has(endpoint.permission),
      )
    }
  })

  test('about an account is for the person, and what is for this machine for nobody else', async () => {
    const { token } = await owner.client.tokens.create({ body: { name: 'All', permissions: [...permissionsOf('owner')], days: 1 } })
    for (const endpoint of allEndpoints) {
      if (endpoint.permission === 'own-account')
        for (const headers of [world.headers, { authorization: `Bearer ${token}` }])
          expect(await statusOf(endpoint, headers), endpoint.id).toMatchObject({ status: 403 })
      if (endpoint.permission === 'this-machine')
        for (const headers of [{ cookie: owner.cookie }, { authorization: `Bearer ${token}` }])
          expect(await statusOf(endpoint, headers), endpoint.id).toMatchObject({ status: 403 })
    }
  })
})

/** Real ids of the first workspace. */
async function idsHere(): Promise<Record<string, string>> {
  const { client } = world
  const flows = (await client.flows.list()).flows
  const manual = await client.flows.create({
    body: { from: 'blank', name: 'By hand', trigger: 'builtin.manual.started' },
  })
  await client.flows.publish({ params: { flow: manual.id }, body: {} })
  const { runId } = await client.flows.start({ params: { flow: manual.id }, body: {} })
  await client.tables.put({ params: { table: 'things' }, body: { columns: [{ name: 'a', title: 'A', type: 'text' }] } })
  await client.tables.putRow({ params: { table: 'things', key: 'one' }, body: { value: { a: 'x' } } })
  const invitation = await owner.client.people.invite({ body: { email: 'later@example.org', role: 'viewer' } })
  const token = await owner.client.tokens.create({ body: { name: 'Theirs', permissions: ['runs.read'], days: 1 } })
  const channel = await client.alerts.createChannel({ body: { kind: 'email', name: 'Us', recipients: ['us@example.org'] } })
  const app = await client.oauth.createApp({
    body: { connector: 'highlevel', name: 'Our app', level: 'account', clientId: 'id', clientSecret: 'secret' },
  })
  const { link } = await client.connectLinks.create({ body: { connector: 'heyzine', name: 'A client' } })
  const rule = await client.alerts.createRule({ body: { name: 'Failures', watch: 'failures' } })
  return {
    flow: flows[0]?.id ?? '',
    run: runId,
    connection: (await client.connections.list()).connections[0]?.id ?? '',
    person: (await owner.client.people.list()).people.find(({ email }) => email === 'viewer@example.org')?.id ?? '',
    invitation: invitation.id,
    token: token.id,
    session: (await owner.client.account.sessions()).sessions[0]?.id ?? '',
    table: 'things',
    key: 'one',
    version: '1',
    step: 'nothing',
    channel: channel.id,
    rule: rule.id,
    app: app.id,
    link: link.id,
  }
}

describe('between two workspaces', () => {
  test('ids of one are unknown in the other, whatever is asked', async () => {
    const ids = await idsHere()
    const named = allEndpoints.filter(
      (endpoint) => isPermission(endpoint.permission) && Object.keys(endpoint.params.shape).some((name) => Object.hasOwn(ids, name)),
    )
    expect(named.length).toBeGreaterThan(25)
    const seen: string[] = []
    for (const endpoint of named) {
      const body = BODIES[endpoint.id] ?? {}
      const { status, code } = await statusOf(endpoint, { cookie: stranger.cookie }, ids, body)
      // `put` makes a table of the stranger's own under that name.
      if (endpoint.id !== 'tables.put' && status !== 404) seen.push(`${endpoint.id}: ${status} ${code}`)
    }
    expect(seen).toEqual([])
    expect((await owner.client.people.list()).people.map(({ email }) => email)).toContain('viewer@example.org')
    expect((await world.client.tables.rows({ params: { table: 'things' } })).rows).toHaveLength(1)
  })

  test('lists, counts and searches of one show nothing of the other', async () => {
    const { client } = stranger
    expect((await client.flows.list()).flows).toEqual([])
    expect((await client.runs.list()).runs).toEqual([])
    const log = (await client.log.find({ query: {} })).entries
    expect(log.filter((entry) => entry.kind !== 'audit' || entry.event.startsWith('flow.'))).toEqual([])
    expect((await client.connections.list()).connections).toEqual([])
    expect((await client.people.list()).people.map(({ email }) => email).toSorted()).toEqual(['owner@example.org', 'stranger@example.org'])
    expect(await client.sandbox.get()).toEqual({ isOn: false, vendors: [] })
    const control = await fetch(`${world.url}/api/sandbox/heyzine/control/state`, { headers: { cookie: stranger.cookie } })
    expect(control.status).toBe(404)
    const audit = await client.audit.list({ query: { limit: 200 } })
    expect(audit.events.every(({ event }) => !event.startsWith('flow.'))).toBe(true)
  })

  test('a session names the workspace it works in, and one that is not its own does not exist', async () => {
    const asking = (cookie: string, workspace: string) =>
      fetch(`${world.url}/api/flows`, { headers: { cookie, 'couplet-workspace': workspace } }).then((response) => response.status)
    const first = (await owner.client.account.get()) as { workspace: { id: string } }
    expect(await asking(owner.cookie, first.workspace.id)).toBe(200)
    expect(await asking(owner.cookie, elsewhere)).toBe(200)
    expect(await asking(stranger.cookie, first.workspace.id)).toBe(404)
    const stream = await fetch(`${world.url}/api/events?workspace=${first.workspace.id}`, { headers: { cookie: stranger.cookie } })
    expect(stream.status).toBe(404)
  })
})

const TEST = { definition: {}, environment: 'sandbox', connections: {} }
/** Right bodies, for endpoints that look at the body before the id. A new endpoint that fails below with `request.invalid` needs one here. */
const BODIES: Readonly<Record<string, unknown>> = {
  'people.setRole': { role: 'viewer' },
  'flows.saveDraft': { fromRevision: 1, definition: {} },
  'flows.setBindings': { bindings: {} },
  'flows.setHookProof': { proof: 'none' },
  'flows.importFile': { text: '{}' },
  'flowTests.step': { ...TEST, step: 'nothing' },
  'flowTests.flow': { ...TEST, trigger: {} },
  'flowTests.facts': { ...TEST, from: 'captured' },
  'flowTests.pin': { data: {}, source: 'typed' },
  'proposals.propose': { note: 'Theirs' },
  'runs.resolve': { step: 'nothing', how: 'again' },
  'runs.answer': { step: 'nothing', approved: true },
  'alerts.updateChannel': { name: 'Theirs' },
  'alerts.updateRule': { name: 'Theirs', watch: 'failures' },
  'tables.putRow': { value: {} },
  'promotion.plan': { bindings: {} },
  'promotion.apply': { bindings: {}, fromRevision: 1 },
}

describe('people', () => {
  test('a lower role is felt at once, a removed person is out, and the last owner stays', async () => {
    const { people } = await owner.client.people.list()
    const operator = members.get('operator') ?? owner
    const idOf = (email: string) => people.find((member) => member.email === email)?.id ?? ''
    await operator.client.tasks.list()
    await owner.client.people.setRole({ params: { person: idOf('operator@example.org') }, body: { role: 'viewer' } })
    await expect(operator.client.runs.cancel({ params: { run: newId('run') } })).rejects.toMatchObject({ code: 'request.not_permitted' })
    await owner.client.people.remove({ params: { person: idOf('operator@example.org') } })
    await expect(operator.client.runs.list()).rejects.toMatchObject({ code: 'request.not_permitted' })
    expect(await operator.client.account.get()).toMatchObject({ state: 'signed-in', workspace: null })
    await expect(
      owner.client.people.setRole({ params: { person: idOf('owner@example.org') }, body: { role: 'admin' } }),
    ).rejects.toMatchObject({ code: 'person.last_owner' })
  })
  test('an admin makes no owners, and none of the owners less', async () => {
    const admin = members.get('admin') ?? owner
    const { people } = await admin.client.people.list()
    const first = people.find(({ role }) => role === 'owner')?.id ?? ''
    const refused = { code: 'request.not_permitted' }
    await expect(admin.client.people.invite({ body: { email: 'friend@example.org', role: 'owner' } })).rejects.toMatchObject(refused)
    await expect(admin.client.people.setRole({ params: { person: first }, body: { role: 'viewer' } })).rejects.toMatchObject(refused)
    await expect(admin.client.people.remove({ params: { person: first } })).rejects.toMatchObject(refused)
  })
  test('an invitation works once, not after it was withdrawn, and a known address signs in first', async () => {
    const { url } = await owner.client.people.invite({ body: { email: 'new@example.org', role: 'viewer' } })
    const token = url.split('#')[1] ?? ''
    const nobody = createClient({ baseUrl: world.url })
    expect(await nobody.people.lookAtInvitation({ body: { token } })).toMatchObject({
      workspace: 'First agency',
      role: 'viewer',
      isKnown: false,
    })
    await joinAs(world.url, url, { email: 'new@example.org', name: 'New', password: PASSWORD })
    await expect(nobody.people.accept({ body: { token, name: 'Again', password: PASSWORD } })).rejects.toMatchObject({
      code: 'invitation.not_found',
    })
    const known = await owner.client.people.invite({ body: { email: 'stranger@example.org', role: 'viewer' } })
    const knownToken = known.url.split('#')[1] ?? ''
    await expect(nobody.people.accept({ body: { token: knownToken, name: 'Thief', password: PASSWORD } })).rejects.toMatchObject({
      code: 'account.sign_in_first',
    })
    await owner.client.people.withdraw({ params: { invitation: known.id } })
    await expect(stranger.client.people.accept({ body: { token: knownToken } })).rejects.toMatchObject({ code: 'invitation.not_found' })
  })
})

describe('API tokens', () => {
  test('can do what was chosen, are kept as a hash, and end when removed', async () => {
    const { token, id } = await owner.client.tokens.create({ body: { name: 'Reader', permissions: ['flows.read'], days: 1 } })
    const program = createClient({ baseUrl: world.url, headers: { authorization: `Bearer ${token}` } })
    expect((await program.flows.list()).flows.length).toBeGreaterThan(0)
    await expect(program.runs.list()).rejects.toMatchObject({ code: 'request.not_permitted' })
    const { rows } = await world.couplet.parts.engine.store.pool.query('select t::text as text from api_tokens t')
    expect(JSON.stringify(rows)).not.toContain(token)
    expect((await owner.client.tokens.list()).tokens.find((one) => one.id === id)?.lastUsedAt).not.toBeNull()
    await owner.client.tokens.remove({ params: { token: id } })
    await expect(program.flows.list()).rejects.toMatchObject({ code: 'request.signed_out' })
  })
  test('never do more than the person who made them may now', async () => {
    const admin = members.get('admin') ?? owner
    const adminId = (await owner.client.people.list()).people.find(({ email }) => email === 'admin@example.org')?.id ?? ''
    const { token } = await admin.client.tokens.create({ body: { name: 'Writer', permissions: ['connections.write'], days: null } })
    const program = createClient({ baseUrl: world.url, headers: { authorization: `Bearer ${token}` } })
    const missing = { params: { connection: newId('con') } }
    await expect(program.connections.remove(missing)).rejects.toMatchObject({ code: 'connection.not_found' })
    await owner.client.people.setRole({ params: { person: adminId }, body: { role: 'viewer' } })
    await expect(program.connections.remove(missing)).rejects.toMatchObject({ code: 'request.not_permitted' })
    await owner.client.people.setRole({ params: { person: adminId }, body: { role: 'admin' } })
  })
})

describe('the audit log', () => {
  test('says who changed what, from what to what, and holds no secret', async () => {
    const flow = (await owner.client.flows.list()).flows.find(({ state }) => state === 'on')
    await owner.client.flows.pause({ params: { flow: flow?.id ?? '' } })
    const { events } = await owner.client.audit.list({ query: { object: flow?.id ?? '', event: 'flow.' } })
    expect(events[0]).toMatchObject({
      event: 'flow.paused',
      actor: 'Olive Owner',
      actorKind: 'person',
      objects: { flow: flow?.id, name: flow?.name },
      before: { state: 'on' },
      after: { state: 'paused' },
    })
    await world.client.connections
      .create({
        body: {
          connector: 'heyzine',
          name: 'Audited',
          environment: 'live',
          facts: { clientId: 'c'.repeat(16) },
          secrets: { apiKey: `planted-secret.${'c'.repeat(16)}` },
        },
      })
      .catch(() => undefined)
    await signInAs(world.url, { email: owner.email, password: 'planted-secret-too' }).catch(() => undefined)
    const all = JSON.stringify(await owner.client.audit.list({ query: { limit: 200 } }))
    expect(all).toContain('account.sign_in_refused')
    expect(all).not.toMatch(/planted-secret|a long enough password|cpl_/)
  })
  test('cannot be changed or emptied, even by whoever has the database connection of Couplet', async () => {
    const { pool } = world.couplet.parts.engine.store
    await expect(pool.query("update audit_events set actor = 'nobody'")).rejects.toThrow('never changed')
    await expect(pool.query('delete from audit_events')).rejects.toThrow('never changed')
    await expect(pool.query('truncate audit_events')).rejects.toThrow('never changed')
  })
  test('is exported without formulas, and old events go when their time is over', async () => {
    await owner.client.tokens.create({ body: { name: '=HYPERLINK("http://evil")', permissions: ['runs.read'], days: 1 } })
    const csv = await (await fetch(`${world.url}/api/audit/export?format=csv`, { headers: { cookie: owner.cookie } })).text()
    expect(csv).toContain('token.created')
    for (const line of csv.split('\r\n').slice(1)) expect(line).not.toMatch(/(^|,)"?[=+@]/)
    const json: unknown = await (await fetch(`${world.url}/api/audit/export?format=json`, { headers: { cookie: owner.cookie } })).json()
    expect(json).toBeInstanceOf(Array)
    const { audit, pool } = world.couplet.parts.engine.store
    expect(await audit.removeOld(500)).toBe(0)
    await pool.query('update workspaces set audit_days = 0')
    expect(await audit.removeOld(10_000)).toBeGreaterThan(10)
  })
  test('counts uses of secrets by connection, flow and hour', async () => {
    const connection = (await world.client.connections.list()).connections[0]
    await world.client.connections.test({ params: { connection: connection?.id ?? '' } })
    await expect
      .poll(async () => (await owner.client.audit.secretUses()).uses, { timeout: 15_000, interval: 500 })
      .toContainEqual(expect.objectContaining({ connectionId: connection?.id, connectionName: connection?.name, flowId: null }))
  })
})

describe('pages of other sites', () => {
  test('change nothing with a session: a write needs a same-origin browser or no cookie', async () => {
    const write = (headers: Record<string, string>) =>
      fetch(`${world.url}/api/account/sign-out`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: owner.cookie, ...headers },
        body: '{}',
      })
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
      {},
    ])
      expect((await write(headers)).status, JSON.stringify(headers)).toBe(403)
    expect(await owner.client.account.get()).toMatchObject({ state: 'signed-in' })
  })
})
