import { createHmac } from 'node:crypto'
import { type AlertChannelId, asId, bug } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mailServer, type MailServer } from './support/mail-server.ts'
import { createMailer } from '../packages/server/mail/mailer.ts'
import { createWatch, type Watch } from '../packages/engine/incidents/watch.ts'
import { engineWorld, type EngineWorld, type Published } from '../packages/engine/test-support/engine-world.ts'
import { set } from '../packages/engine/test-support/steps.ts'
import { deliverAlert } from '../packages/engine/alerts/deliver.ts'
import { afterQuiet } from '../packages/engine/alerts/quiet-hours.ts'

const MINUTE_MS = 60_000
const SIGNING_KEY = 'a-signing-key-of-the-agency'

let world: EngineWorld
let watch: Watch
let mails: MailServer
let flow: Published
beforeEach(async () => {
  world = await engineWorld()
  mails = await mailServer()
  watch = createWatch(world.engine.parts)
  flow = await world.publish({ name: 'Sets', steps: [set('put', 'a')] })
  await watch.look()
  await world.database.pool.query("update alert_rules set environments = '{live,sandbox}'")
})
afterEach(async () => {
  await world[Symbol.asyncDispose]()
  await mails[Symbol.asyncDispose]()
})

const usual = { recipients: [], quiet: null, isOn: true, fallbackId: null }
const eMail = (name: string, more: Partial<Parameters<typeof world.store.alertChannels.create>[2]> = {}) =>
  world.store.alertChannels.create(FIRST_WORKSPACE, 'email', { ...usual, name, recipients: [`${name.toLowerCase()}@example.org`], ...more })
const hook = (name: string, path: string, kind: 'slack' | 'teams' | 'webhook' = 'webhook', fallbackId: AlertChannelId | null = null) =>
  world.store.alertChannels.create(FIRST_WORKSPACE, kind, {
    ...usual,
    name,
    fallbackId,
    secret: { url: `${world.vendor.origin}${path}`, signingKey: kind === 'webhook' ? SIGNING_KEY : undefined },
  })

/** Sends what the queue holds, as its jobs would; messages in quiet hours wait. Answers how many attempts failed. */
async function sendDue(): Promise<number> {
  const mailer = createMailer({ host: '127.0.0.1', port: mails.port, tls: 'none', login: undefined, from: 'couplet@example.org' })
  const { rows } = await world.database.pool.query<{ id: string }>(
    `select m.id from alert_messages m join graphile_worker.jobs j on j.key = 'alert:' || m.id where m.state = 'waiting' and m.due_at <= $1 order by m.due_at`,
    [new Date(world.clock.now())],
  )
  let failed = 0
  for (const { id } of rows) {
    const message = asId('msg', id)
    if (!message) throw bug('No message id')
    await deliverAlert({ ...world.engine.parts, mailer, publicAddress: () => 'https://couplet.test' }, message).catch(() => {
      failed += 1
    })
  }
  return failed
}
const fail = async (id: string) => {
  world.vendor.script = ({ path }) => (path.startsWith('/things') ? { status: 401 } : undefined)
  await world.settle(await world.start(flow, id))
}
const repair = async () => {
  world.vendor.script = undefined
  await world.store.connections.setState(world.connectionId, 'ready', null)
  for (const run of await world.runsOf(flow.flowId)) await world.store.runs.requestCancel(FIRST_WORKSPACE, run.id)
  for (const run of await world.runsOf(flow.flowId)) await world.settle(run.id)
  await watch.look()
}

describe('an alert', () => {
  test('says by e-mail what is broken and what to do, once; and once that it is over', async () => {
    await eMail('Ada')
    await fail('a')
    await watch.look()
    await watch.look()
    await sendDue()
    await fail('b')
    await watch.look()
    await sendDue()
    expect(mails.received.map(({ subject }) => subject)).toEqual(['[Couplet] Acme refuses access (401) on Acme shop'])
    expect(mails.received[0]?.text).toContain(`Repair the connection: https://couplet.test/connections?connection=${world.connectionId}`)
    expect(mails.received[0]?.text).toContain('Flows: Sets')

    await repair()
    await sendDue()
    expect(mails.received).toHaveLength(1)
    world.clock.advance(6 * MINUTE_MS)
    await watch.look()
    await watch.look()
    await sendDue()
    expect(mails.received.map(({ subject }) => subject).slice(1)).toEqual(['[Couplet] Recovered: Acme refuses access (401) on Acme shop'])
  })

  test('reaches webhooks in the form they understand, and ours with a signature', async () => {
    await hook('Slack', '/slack', 'slack')
    await hook('Teams', '/teams', 'teams')
    await hook('Own', '/own')
    await fail('a')
    await watch.look()
    await sendDue()
    const body = (path: string) => world.vendor.seen.find((request) => request.path === path)
    expect(body('/slack')?.body).toMatchObject({ text: 'Acme refuses access (401) on Acme shop' })
    expect(body('/teams')?.body).toMatchObject({ attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }] })
    const own = body('/own')
    expect(own?.body).toMatchObject({
      source: 'couplet',
      phase: 'opened',
      link: expect.stringContaining('https://couplet.test/incidents/inc_'),
    })
    expect(own?.headers['x-couplet-signature']).toBe(
      `sha256=${createHmac('sha256', SIGNING_KEY).update(JSON.stringify(own?.body)).digest('hex')}`,
    )
  })

  test('goes to the fallback when its channel refuses for good', async () => {
    const ada = await eMail('Ada', { isOn: true })
    await world.store.alerts.rules().then(async ([rule]) => {
      if (!rule) throw new Error('No rules')
      const chat = await hook('Chat', '/gone', 'slack', ada)
      await world.store.alerts.updateRule(FIRST_WORKSPACE, rule.id, { ...rule, channelIds: [chat] })
    })
    await fail('a')
    world.vendor.script = ({ path }) => (path === '/gone' ? { status: 410 } : { status: 401 })
    await watch.look()
    expect(await sendDue()).toBe(0)
    await sendDue()
    expect(mails.received).toHaveLength(1)
  })

  test('is tried again when its channel is busy, and given to the fallback after the last attempt', async () => {
    const ada = await eMail('Ada')
    const chat = await hook('Chat', '/busy', 'slack', ada)
    for (const rule of await world.store.alerts.rules())
      await world.store.alerts.updateRule(FIRST_WORKSPACE, rule.id, { ...rule, channelIds: [chat] })
    await fail('a')
    world.vendor.script = ({ path }) => (path === '/busy' ? { status: 503 } : { status: 401 })
    await watch.look()
    for (let attempt = 1; attempt < 6; attempt++) expect(await sendDue()).toBe(1)
    expect(await sendDue()).toBe(0)
    expect(mails.received).toEqual([])
    await sendDue()
    expect(mails.received).toHaveLength(1)
    expect((await world.store.alertChannels.find(FIRST_WORKSPACE, chat))?.lastFault).toMatchObject({ status: 503 })
  })

  test('nobody takes is escalated, through quiet hours; one that somebody is on is not', async () => {
    const always = { from: '00:00', until: '23:59', zone: 'UTC' }
    const boss = await eMail('Boss', { quiet: always })
    for (const rule of await world.store.alerts.rules())
      await world.store.alerts.updateRule(FIRST_WORKSPACE, rule.id, {
        ...rule,
        channelIds: [],
        escalateAfterMs: 60 * MINUTE_MS,
        escalateTo: [boss],
      })
    await fail('a')
    await watch.look()
    world.clock.advance(61 * MINUTE_MS)
    await watch.look()
    await sendDue()
    expect(mails.received.map(({ subject }) => subject)).toEqual(['[Couplet] Still open: Acme refuses access (401) on Acme shop'])
    await repair()

    world.clock.advance(45 * MINUTE_MS)
    await watch.look()
    await fail('b')
    await watch.look()
    const [open] = await world.store.incidents.list(FIRST_WORKSPACE, { isOpen: true, limit: 5 })
    if (!open) throw new Error('There is no incident')
    await world.store.incidents.acknowledge(FIRST_WORKSPACE, open.id, 'Ada', world.clock.now())
    world.clock.advance(61 * MINUTE_MS)
    await watch.look()
    await sendDue()
    expect(mails.received.filter(({ subject }) => subject.includes('Still open'))).toHaveLength(1)
  })

  test('that waits for the end of quiet hours is not sent when all is well by then', async () => {
    await eMail('Ada', { quiet: { from: '00:00', until: '23:59', zone: 'UTC' } })
    await fail('a')
    await watch.look()
    await sendDue()
    await repair()
    world.clock.advance(6 * MINUTE_MS)
    await watch.look()
    world.clock.advance(24 * 60 * MINUTE_MS)
    await sendDue()
    expect(mails.received).toEqual([])
  })
})

describe('quiet hours', () => {
  const night = { from: '22:00', until: '07:00', zone: 'Europe/London' }
  test.each([
    ['2026-07-01T12:00:00Z', '2026-07-01T12:00:00.000Z'],
    ['2026-07-01T22:30:00Z', '2026-07-02T06:00:00.000Z'],
    ['2026-01-05T02:00:00Z', '2026-01-05T07:00:00.000Z'],
    // The clocks go forward at 01:00 UTC.
    ['2026-03-29T00:30:00Z', '2026-03-29T06:00:00.000Z'],
  ])('%s waits until %s', (now, due) => expect(new Date(afterQuiet(night, Date.parse(now))).toISOString()).toBe(due))
})
