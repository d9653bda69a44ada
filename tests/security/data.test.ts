import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attackWorld, type AttackWorld, pill, value } from './attack-world.ts'

/* Bodies, paths, formulas and code from people and vendors: whatever they hold, Couplet answers, stays up, and gives nothing away. */

let world: AttackWorld
beforeAll(async () => {
  world = await attackWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const isUp = async () => expect((await fetch(`${world.url}/healthz`)).status).toBe(200)

/** The status for a path sent exactly as it is written; fetch would tidy it up first. */
const statusOf = (path: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url)
    const sent = request({ hostname, port, path, headers: { host: `${hostname}:${port}` } }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => {
        text += part.toString()
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.once('error', reject)
    sent.end()
  })

describe('bodies', () => {
  test('JSON nested 100,000 deep is refused by webhooks with an answer, and the server goes on', async () => {
    const { id } = await world.client.flows.create({
      body: {
        from: 'file',
        text: JSON.stringify({ format: 1, name: 'Hooked', trigger: { operation: 'builtin.webhook.received', version: 1 }, steps: [] }),
      },
    })
    await world.client.flows.publish({ params: { flow: id }, body: {} })
    const hook = (await world.client.flows.get({ params: { flow: id } })).triggers[0]?.hookUrl ?? ''
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const answer = await fetch(hook, { method: 'POST', headers: { 'content-type': 'application/json' }, body: deep })
    expect(answer.status).toBeGreaterThanOrEqual(200)
    expect(answer.status).toBeLessThan(500)
    await isUp()
  })
  test('a flow file nested 20,000 deep is refused with an answer', async () => {
    const text = `{"format":1,"name":"x","steps":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    await expect(world.client.flows.create({ body: { from: 'file', text } })).rejects.toMatchObject({ kind: 'user' })
    await isUp()
  })
  test('a member called __proto__ changes nothing of the program', async () => {
    const flow = await world.flow('Keep', ['note'], [])
    await world.client.flows
      .start({ params: { flow }, body: { picked: JSON.parse('{"__proto__": {"isOwned": true}}') as Record<string, unknown> } })
      .catch(() => undefined)
    expect(Reflect.get({}, 'isOwned')).toBeUndefined()
  })
})

describe('paths', () => {
  test.each([
    '/files/../../../../etc/passwd',
    '/files/..%2f..%2f..%2fetc%2fpasswd',
    '/files/%2e%2e%2f%2e%2e%2fpackage.json',
    '/../../../../etc/passwd',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/..\\..\\package.json',
    '/%00',
  ])('%s leads nowhere', async (path) => {
    const { status, text } = await statusOf(path)
    expect(status).toBeLessThan(500)
    expect(text).not.toMatch(/root:x:|"workspaces"/)
    await isUp()
  })
})

describe('formulas and code that want to run for ever or reach the machine', () => {
  const failing = async (name: string, steps: readonly object[]) => {
    const flow = await world.flow(name, ['text'], steps)
    const startedAt = performance.now()
    const run = await world.run(flow, { text: 'a'.repeat(50_000) })
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    await isUp()
    return run
  }
  const code = (source: string) => ({
    id: 'code',
    kind: 'action',
    operation: 'builtin.code.run',
    version: 1,
    input: { source: value(source), input: pill('trigger', 'values', 'text') },
  })
  const compute = (formula: string) => ({
    ...code('return input'),
    input: { source: value('return input'), input: { kind: 'formula', formula } },
  })

  test('a regular expression that backtracks for ever elsewhere ends at once', async () => {
    const run = await failing('Regex', [compute('regex(text(trigger.values.text), "^(a+)+b$")')])
    expect(run).toMatchObject({ state: 'done', steps: [{ output: { result: false } }] })
  })
  test('a formula that multiplies lists is refused before it runs', async () => {
    const big = `[${Array.from({ length: 40 }, () => 1).join(',')}]`
    const nested = `${big}.map(a, ${big}.map(b, ${big}.map(c, a * b * c)))`
    await expect(world.flow('Product', ['text'], [compute(nested)])).rejects.toThrow(/nested/)
  })
  test('endless code is stopped and says so', async () => {
    expect(await failing('Endless', [code('for (;;) {}')])).toMatchObject({ state: 'failed' })
  })
  test('code finds neither process nor network nor files', async () => {
    const run = await failing('Reach', [
      code(
        'return [typeof process, typeof require, typeof fetch, typeof WebAssembly, typeof XMLHttpRequest, String(globalThis.constructor.constructor("return typeof process")())]',
      ),
    ])
    expect(run.state).toBe('done')
    expect(JSON.stringify(run.steps.at(-1)?.output)).not.toMatch(/object|function/)
  })
})
