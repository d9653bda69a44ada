import { removeOld } from '@couplet/engine'
import { createClient } from '@couplet/api'
import { expect, test } from 'vitest'
import { startTestCouplet } from '../test-couplet.ts'

test('retention is read and set for the whole installation, from its first workspace only, and says when it last ran', async () => {
  await using world = await startTestCouplet()
  const { client } = world
  const first = await client.system.retention()
  expect(first).toMatchObject({
    rules: { runsDays: 90, runsMax: 1_000_000, deliveriesDays: 30, deliveriesMax: 1_000_000 },
    isSetHere: true,
  })

  await client.system.setRetention({ body: { deliveriesDays: 7, deliveriesMax: 5_000 } })
  expect((await client.system.retention()).rules).toEqual({ runsDays: 90, runsMax: 1_000_000, deliveriesDays: 7, deliveriesMax: 5_000 })
  await expect(client.system.setRetention({ body: { runsDays: 0 } })).rejects.toMatchObject({ code: 'request.invalid' })
  const { events } = await client.audit.list({ query: { limit: 10 } })
  expect(events.map(({ event }) => event)).toContain('workspace.retention_changed')

  const before = Date.now()
  await removeOld(world.couplet.parts.engine, new AbortController().signal)
  const { last } = await client.system.retention()
  expect(Date.parse(last?.at ?? '')).toBeGreaterThanOrEqual(before)
  expect(last?.removed).toMatchObject({ runs: 0, deliveries: 0 })

  const owner = await world.owner()
  const elsewhere = await owner.client.workspace.create({ body: { name: 'Elsewhere', timeZone: 'UTC' } })
  const other = createClient({ baseUrl: world.url, headers: { ...world.headers, 'couplet-workspace': elsewhere.id } })
  expect(await other.system.retention()).toMatchObject({ isSetHere: false })
  await expect(other.system.setRetention({ body: { runsDays: 1 } })).rejects.toMatchObject({ code: 'request.not_permitted' })
  expect((await client.system.retention()).rules.runsDays).toBe(90)
})
