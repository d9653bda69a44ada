import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

let world: TestCouplet
beforeAll(async () => {
  world = await startTestCouplet()
})
afterAll(() => world[Symbol.asyncDispose]())

const scrape = (headers: Record<string, string> = {}, base = world.url) => fetch(`${base}/metrics`, { headers })

describe('metrics', () => {
  test('tell runs, calls, queue, polls, workers and pools, without a single id', async () => {
    const flow = (await world.client.flows.list()).flows.find(({ template }) => template === 'social-tags-to-flipbooks')
    await world.client.flows.poll({ params: { flow: flow?.id ?? '' } })
    const reply = await scrape()
    expect(reply.status).toBe(200)
    const text = await reply.text()
    for (const name of [
      'couplet_runs_open{state="queued"}',
      'couplet_queue_oldest_seconds',
      'couplet_poll_lag_seconds',
      'couplet_workers 1',
      'couplet_database_connections{pool="main",state="waiting"}',
      'couplet_vendor_call_seconds_count{connector="highlevel",outcome="ok"}',
      'couplet_poll_seconds_count{connector="highlevel",outcome="ok"}',
      'couplet_quota_used_ratio{connector="highlevel"',
      'couplet_incidents_open 0',
    ])
      expect(text).toContain(name)
    expect(text).not.toMatch(/(run|flow|con|trg)_[0-9a-z]{26}/)
  })

  test('are shown on this machine only when no proxy stands between', async () => {
    expect((await scrape({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(404)
  })

  test('with a token need it, from everywhere; a port of its own shows nothing else', async () => {
    await using guarded = await startTestCouplet({ settings: { COUPLET_METRICS_TOKEN: 'a-long-metrics-token', COUPLET_METRICS_PORT: '0' } })
    expect((await scrape({}, guarded.url)).status).toBe(404)
    expect((await scrape({ authorization: 'Bearer wrong' }, guarded.url)).status).toBe(404)
    expect((await scrape({ authorization: 'Bearer a-long-metrics-token', 'x-forwarded-for': '203.0.113.7' }, guarded.url)).status).toBe(200)
    const own = `http://127.0.0.1:${guarded.couplet.metricsPort}`
    expect((await scrape({ authorization: 'Bearer a-long-metrics-token' }, own)).status).toBe(200)
    expect((await fetch(`${own}/readyz`)).status).toBe(200)
    expect((await fetch(`${own}/api/system`)).status).toBe(404)
  })
})
