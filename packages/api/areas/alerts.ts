import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { count, Done, Environment, FaultShape, Instant, NoParams, NoQuery } from '../shapes.ts'

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/
const QuietHours = z.strictObject({
  from: z.string().regex(TIME_OF_DAY),
  until: z.string().regex(TIME_OF_DAY),
  zone: z.string().min(1).max(60),
})

const ChannelKind = z.enum(['email', 'slack', 'teams', 'webhook'])
export const AlertChannelView = z.object({
  id: z.string(),
  name: z.string(),
  kind: ChannelKind,
  recipients: z.array(z.string()),
  /** Host of the webhook; its address is a secret. */
  host: z.string().nullable(),
  quiet: QuietHours.nullable(),
  isOn: z.boolean(),
  fallbackId: z.string().nullable(),
  lastSentAt: Instant.nullable(),
  lastFault: FaultShape.nullable(),
})
export type AlertChannelView = z.output<typeof AlertChannelView>

const ChannelFields = {
  name: z.string().trim().min(1).max(100),
  recipients: z.array(z.email().max(254)).max(50).default([]),
  /** Webhooks: absent keeps the address. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  /** Generic webhooks: what their messages are signed with. */
  signingKey: z.string().min(16).max(200).optional(),
  quiet: QuietHours.nullable().default(null),
  isOn: z.boolean().default(true),
  fallbackId: z.string().nullable().default(null),
}

const Watch = z.enum(['connection', 'failures', 'failure-rate', 'vendor-down', 'quota', 'silence'])
const RuleFields = {
  name: z.string().trim().min(1).max(100),
  watch: Watch,
  settings: z.record(z.string(), z.number()).default({}),
  /** `null`: every channel that is on. */
  channelIds: z.array(z.string()).nullable().default(null),
  environments: z.array(Environment).min(1).default(['live']),
  isOn: z.boolean().default(true),
  escalateAfterMinutes: z.int().min(5).max(10_080).nullable().default(null),
  escalateTo: z.array(z.string()).default([]),
}
export const AlertRuleView = z.object({ id: z.string(), ...RuleFields })
export type AlertRuleView = z.output<typeof AlertRuleView>

const AlertView = z.object({
  id: z.string(),
  title: z.string(),
  ruleName: z.string().nullable(),
  incidentId: z.string(),
  openedAt: Instant,
  escalatedAt: Instant.nullable(),
  recoveredAt: Instant.nullable(),
  messages: z.array(
    z.object({
      channelName: z.string(),
      phase: z.enum(['opened', 'escalated', 'recovered']),
      state: z.enum(['waiting', 'sent', 'failed', 'dropped']),
      dueAt: Instant,
      sentAt: Instant.nullable(),
      isFallback: z.boolean(),
      fault: FaultShape.nullable(),
    }),
  ),
})
export type AlertView = z.output<typeof AlertView>

const ChannelParams = z.object({ channel: z.string() })
const RuleParams = z.object({ rule: z.string() })

export const alerts = {
  list: endpoint({
    id: 'alerts.list',
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts, newest first, with who was told; and how many of them the caller has not seen',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ state: z.enum(['open', 'recovered']).optional(), limit: count(200).default(50) }),
    body: undefined,
    reply: z.object({ alerts: z.array(AlertView), unread: z.int() }),
    errors: [],
  }),
  markRead: endpoint({
    id: 'alerts.markRead',
    method: 'POST',
    path: '/api/alerts/read',
    summary: 'The caller has seen all alerts up to now',
    permission: 'runs.read',
    audit: { none: 'only how far the caller has read' },
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: [],
  }),
  channels: endpoint({
    id: 'alerts.channels',
    method: 'GET',
    path: '/api/alerts/channels',
    summary: 'Where alerts go, without the addresses of webhooks; and whether e-mail can be sent at all',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ channels: z.array(AlertChannelView), mailFrom: z.string().nullable() }),
    errors: [],
  }),
  createChannel: endpoint({
    id: 'alerts.createChannel',
    method: 'POST',
    path: '/api/alerts/channels',
    summary: 'Adds a channel',
    permission: 'alerts.write',
    audit: 'alert.channel_created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ kind: ChannelKind, ...ChannelFields }),
    reply: z.object({ id: z.string() }),
    errors: ['channel.invalid', 'channel.name_taken'],
  }),
  updateChannel: endpoint({
    id: 'alerts.updateChannel',
    method: 'PUT',
    path: '/api/alerts/channels/:channel',
    summary: 'Changes a channel; an address that is left out stays',
    permission: 'alerts.write',
    audit: 'alert.channel_changed',
    params: ChannelParams,
    query: NoQuery,
    body: z.strictObject(ChannelFields),
    reply: Done,
    errors: ['channel.not_found', 'channel.invalid', 'channel.name_taken'],
  }),
  removeChannel: endpoint({
    id: 'alerts.removeChannel',
    method: 'DELETE',
    path: '/api/alerts/channels/:channel',
    summary: 'Removes a channel',
    permission: 'alerts.write',
    audit: 'alert.channel_removed',
    params: ChannelParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['channel.not_found'],
  }),
  testChannel: endpoint({
    id: 'alerts.testChannel',
    method: 'POST',
    path: '/api/alerts/channels/:channel/test',
    summary: 'Sends a test message at once, quiet hours or not, and says how it went',
    permission: 'alerts.write',
    audit: 'alert.channel_tested',
    params: ChannelParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ isSent: z.boolean(), fault: FaultShape.nullable() }),
    errors: ['channel.not_found'],
  }),
  rules: endpoint({
    id: 'alerts.rules',
    method: 'GET',
    path: '/api/alerts/rules',
    summary: 'What raises an alert, and whom it reaches',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ rules: z.array(AlertRuleView) }),
    errors: [],
  }),
  createRule: endpoint({
    id: 'alerts.createRule',
    method: 'POST',
    path: '/api/alerts/rules',
    summary: 'Adds a rule',
    permission: 'alerts.write',
    audit: 'alert.rule_created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject(RuleFields),
    reply: z.object({ id: z.string() }),
    errors: ['rule.invalid', 'rule.name_taken'],
  }),
  updateRule: endpoint({
    id: 'alerts.updateRule',
    method: 'PUT',
    path: '/api/alerts/rules/:rule',
    summary: 'Changes a rule',
    permission: 'alerts.write',
    audit: 'alert.rule_changed',
    params: RuleParams,
    query: NoQuery,
    body: z.strictObject(RuleFields),
    reply: Done,
    errors: ['rule.not_found', 'rule.invalid', 'rule.name_taken'],
  }),
  removeRule: endpoint({
    id: 'alerts.removeRule',
    method: 'DELETE',
    path: '/api/alerts/rules/:rule',
    summary: 'Removes a rule',
    permission: 'alerts.write',
    audit: 'alert.rule_removed',
    params: RuleParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['rule.not_found'],
  }),
} as const
