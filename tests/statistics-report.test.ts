import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { isJsonObject } from '@couplet/core'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pdfText } from '../packages/reports/pdf-text.ts'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

const { plumber } = HIGHLEVEL_SAMPLE.locations
const number = new Intl.NumberFormat('en-GB')

let couplet: TestCouplet
let smtp: SMTPServer
const letters: string[] = []

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        letters.push(Buffer.concat(chunks).toString('latin1'))
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const address = smtp.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  couplet = await startTestCouplet({
    settings: { COUPLET_SMTP_URL: `smtp://127.0.0.1:${port}?tls=none`, COUPLET_MAIL_FROM: 'reports@northlight.example' },
  })
})
afterAll(async () => {
  await couplet?.[Symbol.asyncDispose]()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

/** The flow that publishes the report, asked for now. */
async function report(): Promise<string> {
  const flow = (await couplet.client.flows.list()).flows.find(({ template }) => template === 'statistics-report-flipbook')
  const { runId } = await couplet.client.flows.start({ params: { flow: flow?.id ?? '' }, body: { picked: {} } })
  let state = ''
  await expect
    .poll(
      async () => {
        const run = await couplet.client.runs.get({ params: { run: runId } })
        state = run.state
        if (run.fault) throw new Error(`${run.fault.code}: ${run.fault.message}`)
        return state
      },
      { timeout: 90_000, interval: 250 },
    )
    .toMatch(/^(done|skipped)$/)
  return state
}

/** What the simulated Heyzine fetched. */
async function flipbooks(): Promise<Record<string, unknown>[]> {
  const url = (await couplet.client.sandbox.get()).vendors.find(({ vendor }) => vendor === 'heyzine')?.url ?? ''
  const state: unknown = await (await fetch(`${url}/__sim/state`)).json()
  const books = isJsonObject(state) && Array.isArray(state['flipbooks']) ? state['flipbooks'].filter(isJsonObject) : []
  return books.filter((book) => typeof book['sourceUrl'] === 'string' && book['sourceUrl'].includes('/files/'))
}

/** A small PNG of one colour. */
function png(): string {
  const chunk = (type: string, content: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return Buffer.concat([length, Buffer.from(type, 'latin1'), content, Buffer.alloc(4)])
  }
  const head = Buffer.from([0, 0, 0, 8, 0, 0, 0, 4, 8, 2, 0, 0, 0])
  const pixels = Buffer.alloc(4 * (1 + 8 * 3), 0x7f)
  for (let row = 0; row < 4; row++) pixels[row * 25] = 0
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]).toString(
    'base64',
  )
}

test('history, dashboard, report and flipbook tell the same figures', async () => {
  await couplet.client.reports.setBrand({ body: { name: 'Northlight Marketing', color: '#7a1f5c', logo: png() } })
  expect(await report()).toBe('done')

  const [made] = (await couplet.client.reports.list()).reports
  if (!made) throw new Error('No report is kept')
  const place = (await couplet.client.statistics.locations({})).locations.find(({ locationId }) => locationId === plumber.id)
  const overview = await couplet.client.statistics.overview({ query: { location: String(place?.id), from: made.from, to: made.to } })
  const { days } = await couplet.client.statistics.days({ query: { location: String(place?.id), from: made.from, to: made.to } })
  expect(overview.total.impressions).toBe(days.reduce((sum, row) => sum + (row.impressions ?? 0), 0))
  expect(overview.total.impressions).toBeGreaterThan(0)

  const bytes = new Uint8Array(await (await fetch(made.publicUrl ?? '')).arrayBuffer())
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.sha256)
  const text = pdfText(bytes).join(' ')
  const { followers, reach, impressions, engagement, posts } = overview.total
  for (const figure of [followers, reach, impressions, engagement, posts]) expect(text).toContain(number.format(figure ?? -1))
  for (const { total } of overview.platforms) expect(text).toContain(number.format(total.impressions ?? -1))
  for (const words of [
    'NORTHLIGHT MARKETING',
    'Hartley & Sons Plumbing',
    'Every platform',
    'About these figures',
    'Posts that earned most',
  ])
    expect(text).toContain(words)
  const raw = Buffer.from(bytes).toString('latin1')
  for (const part of ['/StructTreeRoot', '/S /H1', '/S /Table', '/S /TH', '/S /Figure', '/Lang (en-GB)']) expect(raw).toContain(part)

  const [book] = await flipbooks()
  expect(book?.['sourceUrl']).toBe(made.publicUrl)
  expect(book?.['document']).toMatchObject({ pages: made.pages, sizeBytes: bytes.length })
  expect((await couplet.client.reports.list()).reports[0]?.flipbookUrl).toMatch(/^http/)
}, 120_000)

test('asked again without new figures nothing is sent to Heyzine; with another look the same flipbook gets new pages', async () => {
  expect(await report()).toBe('skipped')
  const before = await flipbooks()
  await couplet.client.reports.setBrand({ body: { name: 'Northlight Marketing', color: '#1f5c3a', logo: null } })
  expect(await report()).toBe('done')
  const after = await flipbooks()
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect(after[0]?.['document']).not.toEqual(before[0]?.['document'])
  const { reports } = await couplet.client.reports.list()
  expect(reports).toHaveLength(2)
  expect(new Set(reports.map(({ publicUrl }) => publicUrl)).size).toBe(1)
}, 120_000)

test('a report can be made by hand within two seconds, looked at, and sent by e-mail', async () => {
  const place = (await couplet.client.statistics.locations({})).locations.find(({ locationId }) => locationId === plumber.id)
  const began = performance.now()
  const made = await couplet.client.reports.make({ body: { locations: [place?.id ?? 0], days: 14, title: 'Two weeks' } })
  expect(performance.now() - began).toBeLessThan(2_000)
  const file = await fetch(`${couplet.url}/api/reports/${made.id}/file`, { headers: couplet.headers ?? {} })
  expect(file.headers.get('content-type')).toBe('application/pdf')
  expect(pdfText(new Uint8Array(await file.arrayBuffer())).join(' ')).toContain('Two weeks')
  await couplet.client.reports.send({ params: { report: made.id }, body: { to: ['client@hartley.example'], message: 'Have a look.' } })
  expect(letters).toHaveLength(1)
  expect(letters[0]).toContain('Two weeks: Hartley & Sons Plumbing')
  expect(letters[0]).toContain('application/pdf')
  expect((await couplet.client.reports.list()).reports.find(({ id }) => id === made.id)?.sentTo).toEqual(['client@hartley.example'])
})

test.each([
  ['a text', Buffer.from('hello').toString('base64'), 'neither PNG nor JPEG'],
  ['a PNG that is cut off', png().slice(0, 60), 'cut off'],
  [
    'a PNG whose pixels are rubbish',
    Buffer.concat([Buffer.from(png(), 'base64').subarray(0, 50), Buffer.alloc(40, 1)]).toString('base64'),
    '',
  ],
  ['something too large', Buffer.alloc(430_000).toString('base64'), 'too large'],
])('%s is no logo', async (_what, logo, why) => {
  await expect(couplet.client.reports.setBrand({ body: { name: 'X', color: '#000000', logo } })).rejects.toMatchObject({
    facts: { code: 'brand.logo', message: expect.stringContaining(why) },
  })
})

test('there is no report of days without figures', async () => {
  await expect(couplet.client.reports.make({ body: { from: '2019-01-01', to: '2019-01-07' } })).rejects.toMatchObject({
    facts: { code: 'report.no_figures' },
  })
})
