import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

let world: TestCouplet
beforeAll(async () => {
  world = await startTestCouplet()
})
afterAll(() => world[Symbol.asyncDispose]())

const FLOW = {
  format: 1,
  name: 'Waits to be called',
  trigger: { operation: 'builtin.webhook.received', version: 1 },
  steps: [
    {
      id: 'ask',
      kind: 'action',
      operation: 'builtin.task.open',
      version: 1,
      input: {
        key: { kind: 'value', value: 'sign' },
        title: { kind: 'value', value: 'Sign' },
        text: { kind: 'pill', path: ['run', 'resumeUrls', 'signed'] },
      },
    },
    { id: 'signed', kind: 'wait', wait: { kind: 'webhook', giveUpAfter: '2 d' } },
  ],
}

test('a run goes on when its address is posted to, by nothing else, and its page does not tell the address', async () => {
  const made = await world.client.flows.create({ body: { from: 'file', text: JSON.stringify(FLOW) } })
  await world.client.flows.publish({ params: { flow: made.id }, body: {} })
  const flow = await world.client.flows.get({ params: { flow: made.id } })
  const started = await fetch(flow.triggers[0]?.hookUrl ?? '', {
    method: 'POST',
    body: '{"id":"1"}',
    headers: { 'content-type': 'application/json' },
  })
  const { runs } = (await started.json()) as { runs: string[] }
  const run = () => world.client.runs.get({ params: { run: runs[0] ?? '' } })
  await expect.poll(async () => (await run()).state, { timeout: 15_000 }).toBe('waiting')

  const [task] = (await world.client.tasks.list()).tasks
  const address = new URL(task?.text ?? '')
  const url = `${world.url}${address.pathname}`
  expect(address.pathname).toMatch(/^\/resume\/[\w.-]+$/)
  expect(await run()).toMatchObject({ summary: 'Waiting for a call: signed.', wait: { kind: 'call' }, can: ['cancel', 'skip-wait'] })
  expect(JSON.stringify(await run())).toContain('/resume/[hidden]')
  expect(JSON.stringify(await run())).not.toContain(address.pathname)

  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) expect((await fetch(url, { method })).status, method).toBe(405)
  expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1_000_001) })).status).toBe(413)
  expect((await fetch(url, { method: 'POST', body: 'no JSON' })).status).toBe(400)
  expect((await fetch(`${world.url}/resume/${'a'.repeat(60)}.${'a'.repeat(22)}`, { method: 'POST' })).status).toBe(404)
  expect((await run()).state).toBe('waiting')

  expect((await fetch(url, { method: 'POST', body: '{"by":"Ada"}' })).status).toBe(202)
  await expect.poll(async () => (await run()).state, { timeout: 15_000 }).toBe('done')
  expect((await run()).steps.find(({ key }) => key === 'signed')).toMatchObject({ output: { timedOut: false, body: { by: 'Ada' } } })
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200)
})
