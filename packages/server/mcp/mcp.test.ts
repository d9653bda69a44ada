import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { isJsonObject, parseJson } from '@couplet/core'
import type { Permission } from '@couplet/api'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

let world: TestCouplet
beforeAll(async () => {
  world = await startTestCouplet()
})
afterAll(() => world[Symbol.asyncDispose]())

type Answer = { isError: boolean; data: Record<string, unknown> }
type Agent = AsyncDisposable & { tools: string[]; call(name: string, input?: Record<string, unknown>): Promise<Answer> }

async function tokenWith(permissions: Permission[]): Promise<string> {
  const { email } = await world.owner()
  const { store } = world.couplet.parts.engine
  const person = await store.people.findByEmail(email)
  if (!person) throw new Error('The owner is missing')
  const made = await store.apiTokens.create({
    workspaceId: FIRST_WORKSPACE,
    personId: person.id,
    name: `Agent ${permissions.join(' ')}`,
    permissions,
    expiresAt: null,
  })
  return made.token
}

/** An agent as it comes: the protocol's own client, with a token of these permissions. */
async function agent(...permissions: Permission[]): Promise<Agent> {
  const token = await tokenWith(permissions)
  const client = new Client({ name: 'test agent', version: '1.0.0' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${world.url}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  )
  const { tools } = await client.listTools()
  return {
    tools: tools.map(({ name }) => name),
    call: async (name, input = {}) => {
      const { content, isError } = await client.callTool({ name, arguments: input })
      const [part] = content
      const data = part?.type === 'text' ? parseJson(part.text) : undefined
      return { isError: isError === true, data: isJsonObject(data) ? data : {} }
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}

const DEFINITION = {
  format: 1,
  name: 'Tags into a table',
  slots: { highlevel: { connector: 'highlevel' } },
  trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
  steps: [
    { id: 'tags', kind: 'action', operation: 'highlevel.social-tag.list', version: 1, connection: 'highlevel', input: {} },
    {
      id: 'task',
      kind: 'action',
      operation: 'builtin.task.open',
      version: 1,
      input: {
        key: { kind: 'value', value: 'tags-read' },
        title: { kind: 'formula', formula: '"There are " + text(tags.count) + " tags"' },
      },
    },
  ],
}

describe('an agent that may only propose', () => {
  test('searches, drafts, tries out in the sandbox and proposes; a person approves what was seen', async () => {
    await using me = await agent('agents.propose')
    expect(me.tools).toEqual(expect.arrayContaining(['search_catalogue', 'draft_flow', 'run_in_sandbox', 'submit_for_approval']))

    const found = await me.call('search_catalogue', { query: 'social tags', kind: 'action' })
    expect(JSON.stringify(found.data['operations'])).toContain('highlevel.social-tag.list')
    const described = await me.call('describe_operation', { operation: 'highlevel.social-tag.list' })
    expect(described.data).toMatchObject({ id: 'highlevel.social-tag.list' })

    const drafted = await me.call('draft_flow', { definition: DEFINITION })
    expect(drafted).toMatchObject({ isError: false, data: { environment: 'sandbox', state: 'draft', isPublishable: true, version: null } })
    const flow = String(drafted.data['id'])

    const tried = await me.call('run_in_sandbox', { flow })
    // A task is Couplet's own and would be seen by people: it is shown, not opened.
    expect(tried).toMatchObject({ isError: false, data: { held: { step: 'task' } } })
    expect(JSON.stringify(tried.data['steps'])).toContain('/social-media-posting/')

    const { data } = await me.call('submit_for_approval', { flow, note: 'Counts the tags. Tried in the sandbox.' })
    const proposal = String(data['proposal'])
    expect((await world.client.flows.get({ params: { flow } })).state).toBe('draft')

    const open = (await world.client.proposals.list({ query: { state: 'open' } })).proposals
    expect(open).toMatchObject([{ id: proposal, flowName: 'Tags into a table', isAsProposed: true }])
    expect(await world.client.proposals.approve({ params: { proposal } })).toEqual({ version: 1 })
    expect((await world.client.flows.get({ params: { flow } })).state).toBe('on')
    expect((await me.call('list_proposals')).data['proposals']).toMatchObject([{ state: 'approved' }])
    await expect(world.client.proposals.approve({ params: { proposal } })).rejects.toMatchObject({ code: 'proposal.not_open' })
  })

  test('has no tool that publishes, starts or reads runs, and none is reached by its name', async () => {
    await using me = await agent('agents.propose')
    for (const name of ['publish_flow', 'start_flow', 'list_runs', 'get_run']) {
      expect(me.tools).not.toContain(name)
      await expect(
        me.call(name, { flow: 'flow_x' }).then(
          ({ isError }) => isError,
          () => true,
        ),
      ).resolves.toBe(true)
    }
  })

  test('cannot do over the API what its tools do not offer', async () => {
    const token = await tokenWith(['agents.propose'])
    const answer = await fetch(`${world.url}/api/flows`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(403)
  })

  test('reads what is wrong with its draft and where, and mends it', async () => {
    await using me = await agent('agents.propose')
    const wrong = structuredClone(DEFINITION)
    wrong.name = 'Wrong at first'
    wrong.steps[1] = { ...DEFINITION.steps[1], input: { key: { kind: 'value', value: 'k' } } } as (typeof DEFINITION.steps)[1]
    const drafted = await me.call('draft_flow', { definition: wrong })
    expect(drafted.data).toMatchObject({ isPublishable: false, problems: [{ place: expect.stringContaining('steps[1]') as string }] })
    const flow = String(drafted.data['id'])
    expect(await me.call('submit_for_approval', { flow, note: 'Please' })).toMatchObject({
      isError: true,
      data: { code: 'flow.not_publishable' },
    })
    const mended = await me.call('edit_flow', {
      flow,
      definition: { ...DEFINITION, name: 'Right now' },
      fromRevision: drafted.data['draftRevision'],
    })
    expect(mended.data).toMatchObject({ isPublishable: true })
    expect(await me.call('edit_flow', { flow, definition: DEFINITION, fromRevision: drafted.data['draftRevision'] })).toMatchObject({
      isError: true,
      data: { code: 'flow.changed_elsewhere' },
    })
  })
})

test('a draft that was changed after it was proposed is not published by approving', async () => {
  await using me = await agent('agents.propose')
  const drafted = await me.call('draft_flow', { definition: { ...DEFINITION, name: 'Changed later' } })
  const flow = String(drafted.data['id'])
  const { data } = await me.call('submit_for_approval', { flow, note: 'Look' })
  await me.call('edit_flow', { flow, definition: { ...DEFINITION, name: 'Something else' }, fromRevision: drafted.data['draftRevision'] })
  const params = { proposal: String(data['proposal']) }
  await expect(world.client.proposals.approve({ params })).rejects.toMatchObject({ code: 'proposal.changed' })
  await world.client.proposals.decline({ params, body: { reason: 'Not what was shown' } })
  expect((await me.call('list_proposals')).data['proposals']).toContainEqual(
    expect.objectContaining({ id: params.proposal, state: 'declined', reason: 'Not what was shown' }),
  )
})

test('an agent that an owner allows it publishes and starts', async () => {
  await using me = await agent('agents.propose', 'flows.publish', 'runs.act', 'runs.read')
  const flow = String((await me.call('draft_flow', { definition: { ...DEFINITION, name: 'Published by an agent' } })).data['id'])
  expect((await me.call('publish_flow', { flow })).data).toMatchObject({ version: 1 })
  const run = String((await me.call('start_flow', { flow })).data['runId'])
  await expect.poll(async () => (await me.call('get_run', { run })).data['state'], { timeout: 15_000 }).toBe('done')
})

test('a session does not act as an agent, nor does anyone without a token', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  expect((await fetch(`${world.url}/mcp`, { method: 'POST', headers, body })).status).toBe(401)
  const { cookie } = await world.owner()
  expect((await fetch(`${world.url}/mcp`, { method: 'POST', headers: { ...headers, cookie, origin: world.url }, body })).status).toBe(403)
})
