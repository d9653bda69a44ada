import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, readPath } from '@couplet/core'
import { expect, test } from 'vitest'
import { clientId, startHeyzine, startOrigin, textAt } from './test-world.ts'

test('a restart keeps the record of a converted document, not its bytes, and the state stays small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-heyzine-'))
  const stateFile = join(folder, 'heyzine.json')
  await using origin = await startOrigin()
  let pdf = ''
  {
    await using world = await startHeyzine({ stateFile })
    pdf = textAt((await world.call('POST', '/rest', { pdf: origin.servePdf('/big.pdf', 400), client_id: clientId })).body, 'pdf')
  }
  await using again = await startHeyzine({ stateFile })
  expect((await again.visit(new URL(pdf).pathname)).status).toBe(410)
  expect((await again.call('GET', '/flipbook-list?limit=1')).body).toMatchObject([{ pages: 400 }])
  expect((await readFile(stateFile, 'utf8')).length).toBeLessThan(20_000)
  await rm(folder, { recursive: true })
})

test('a conversion that a restart interrupted is begun again by the next poll', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-heyzine-'))
  const stateFile = join(folder, 'heyzine.json')
  await using origin = await startOrigin()
  const body = { pdf: origin.servePdf('/cut.pdf', 2), client_id: clientId }
  {
    await using world = await startHeyzine({ stateFile })
    await world.control('PATCH', '/settings', { conversionOutlier: true })
    await world.call('POST', '/async', body)
  }
  await using again = await startHeyzine({ stateFile })
  await again.control('POST', '/clock', { advanceMs: 6 * 60_000 })
  await expect
    .poll(async () => (await again.call('POST', '/async', body)).body)
    .toMatchObject({ state: 'processed', meta: { num_pages: 2 } })
  expect(again.state().flipbooks.filter(({ sourceUrl }) => sourceUrl === body.pdf)).toHaveLength(1)
  await rm(folder, { recursive: true })
})

test('every switch carries a mark and words, and every assumption can be switched', async () => {
  await using world = await startHeyzine({ seed: 'empty' })
  const settings = readPath((await world.control('GET', '')).body, ['settings'])
  for (const setting of Object.values(isJsonObject(settings) ? settings : {})) {
    expect(setting).toMatchObject({ mark: expect.stringMatching(/^(CONFIRMED|REPORTED|ASSUMED)$/), title: expect.stringMatching(/.{10}/) })
  }
  expect(Object.keys(isJsonObject(settings) ? settings : {})).toHaveLength(18)
})
