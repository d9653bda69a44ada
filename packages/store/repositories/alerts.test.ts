import { type AlertMessageId } from '@couplet/core'
import { expect, test } from 'vitest'
import { FIRST_WORKSPACE } from '../store.ts'
import { openTestStore } from '../test-support/open-test-store.ts'
import { incidentId } from './first-id.ts'

test('an alert that is given up fails together with the message to another channel, or not at all', async () => {
  await using tested = await openTestStore()
  const { store, database } = tested
  const { pool } = database
  const channel = (name: string) =>
    store.alertChannels.create(FIRST_WORKSPACE, 'webhook', {
      name,
      recipients: [],
      quiet: null,
      isOn: true,
      fallbackId: null,
      secret: { url: 'http://127.0.0.1:1/', signingKey: 'a-signing-key-of-ours' },
    })
  const [first, other] = [await channel('First'), await channel('Other')]
  const ruleId = await store.alerts.createRule(FIRST_WORKSPACE, {
    name: 'Down',
    watch: 'vendor-down',
    settings: {},
    channelIds: null,
    environments: ['live'],
    isOn: true,
    escalateAfterMs: null,
    escalateTo: [],
  })
  const incident = await pool.query<{ id: string }>(
    `insert into incidents (workspace_id, cause, fault) values ($1, 'vendor-down', '{}') returning id`,
    [FIRST_WORKSPACE],
  )
  const at = Date.now()
  const alert = { workspaceId: FIRST_WORKSPACE, ruleId, incidentId: incidentId(incident.rows[0]?.id ?? ''), title: 'Down', at }
  await store.alerts.open(alert, [{ channelId: first, dueAt: at }])
  const told = await pool.query<{ id: AlertMessageId }>('select id from alert_messages')
  const message = (await store.alerts.message(told.rows[0]?.id ?? expect.fail('No message'))) ?? expect.fail('No message')
  const fault = { code: 'outbound.unreachable', kind: 'unavailable', message: 'Nobody there.' } as const
  const giveUp = () => store.alerts.messageGivenUp(message, fault, [{ channelId: other, dueAt: at }])
  const messages = async () => (await pool.query('select channel_id, state, instead_of from alert_messages order by id')).rows

  await pool.query('alter function graphile_worker.add_job rename to add_job_away')
  await expect(giveUp()).rejects.toThrow('add_job')
  await pool.query('alter function graphile_worker.add_job_away rename to add_job')
  expect(await messages()).toEqual([{ channel_id: first, state: 'waiting', instead_of: null }])

  expect(await giveUp()).toBe(true)
  expect(await messages()).toEqual([
    { channel_id: first, state: 'failed', instead_of: null },
    { channel_id: other, state: 'waiting', instead_of: message.id },
  ])
  expect(await store.alerts.messageGivenUp(message, fault, [{ channelId: first, dueAt: at }])).toBe(false)
})
