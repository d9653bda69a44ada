import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hookExample } from './hook-example.ts'

const got: { headers: IncomingHttpHeaders; body: string }[] = []
const server = createServer((request, response) => {
  void text(request).then((body) => {
    got.push({ headers: request.headers, body })
    response.end()
  })
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hooks/it's`
})
afterAll(() => void server.close())

const SECRET = `a "secret" with $signs, it's long`
const sent = async (example: string) => {
  await promisify(execFile)('sh', ['-c', example])
  return got.at(-1)
}

describe('the example of a webhook, run in a shell,', () => {
  test('sends JSON', async () => {
    expect((await sent(hookExample({ url, proof: 'none', header: '' })))?.body).toBe('{"hello":"world"}')
  })
  test('sends the secret in its header as it is', async () => {
    const delivery = await sent(hookExample({ url, proof: 'header', header: 'x-own', secret: SECRET }))
    expect(delivery?.headers['x-own']).toBe(SECRET)
  })
  test('signs the bytes it sends', async () => {
    const delivery = await sent(hookExample({ url, proof: 'hmac-sha256', header: 'x-own', secret: SECRET }))
    expect(delivery?.headers['x-own']).toBe(
      createHmac('sha256', SECRET)
        .update(delivery?.body ?? '')
        .digest('hex'),
    )
  })
})
