import type { AlertRuleView } from '@couplet/api'
import { type AlertChannelId, asId, toFault, userFault, type WorkspaceId } from '@couplet/core'
import { AlertRuleSettings, sendToChannel, testWords } from '@couplet/engine'
import type { AlertChannel, AlertRule, AlertRuleInput } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { faultOrNull, faultView, iso, isoOrNull } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

type Requests = { [Name in keyof Handlers['alerts']]: Parameters<Handlers['alerts'][Name]>[0] }
type ChannelBody = Requests['updateChannel']['body']
type RuleBody = Requests['updateRule']['body']

const MINUTE_MS = 60_000

export function alertHandlers(parts: ServerParts): Handlers['alerts'] {
  const { store, clock, mailer } = parts.engine

  const channelOf = async (context: RequestContext, text: string): Promise<AlertChannel> => {
    const id = asId('chn', text)
    const found = id && (await store.alertChannels.find(workspaceOf(context), id))
    if (!found) throw notFound('channel', text)
    return found
  }
  const channelInput = async (workspaceId: WorkspaceId, kind: AlertChannel['kind'], body: ChannelBody, known: AlertChannel | undefined) => {
    const invalid = (field: string, why: string) =>
      userFault({ code: 'channel.invalid', message: `The channel cannot be used: ${why}.`, fields: { [field]: why } })
    if (kind === 'email' && body.recipients.length === 0) throw invalid('recipients', 'name at least one address')
    if (kind !== 'email' && body.url === undefined && !known) throw invalid('url', 'enter the address of the webhook')
    const others = await store.alertChannels.list(workspaceId)
    if (others.some(({ name, id }) => name === body.name && id !== known?.id)) throw nameTaken('channel', body.name)
    const fallback = body.fallbackId === null ? undefined : others.find(({ id }) => id === body.fallbackId && id !== known?.id)
    if (body.fallbackId !== null && !fallback) throw invalid('fallbackId', 'choose another channel')
    if (body.quiet && !isZone(body.quiet.zone)) throw invalid('quiet', 'there is no such time zone')
    return {
      name: body.name,
      recipients: kind === 'email' ? body.recipients : [],
      quiet: body.quiet,
      isOn: body.isOn,
      fallbackId: fallback?.id ?? null,
      ...(kind === 'email' || body.url === undefined ? {} : { secret: { url: body.url, signingKey: body.signingKey } }),
    }
  }
  const ruleInput = async (workspaceId: WorkspaceId, body: RuleBody): Promise<AlertRuleInput> => {
    const known = new Set((await store.alertChannels.list(workspaceId)).map(({ id }) => id))
    const ids = (texts: readonly string[]): AlertChannelId[] =>
      texts.flatMap((text) => {
        const id = asId('chn', text)
        return id && known.has(id) ? [id] : []
      })
    const settings = AlertRuleSettings[body.watch].safeParse(body.settings).data
    if (!settings)
      throw userFault({ code: 'rule.invalid', message: 'The numbers of the rule do not fit.', fields: { settings: 'out of bounds' } })
    return {
      name: body.name,
      watch: body.watch,
      settings,
      channelIds: body.channelIds === null ? null : ids(body.channelIds),
      environments: body.environments,
      isOn: body.isOn,
      escalateAfterMs: body.escalateAfterMinutes === null ? null : body.escalateAfterMinutes * MINUTE_MS,
      escalateTo: ids(body.escalateTo),
    }
  }
  const freeRuleName = async (workspaceId: WorkspaceId, name: string, own: string | undefined): Promise<void> => {
    if ((await store.alerts.rules(workspaceId)).some((rule) => rule.name === name && rule.id !== own)) throw nameTaken('rule', name)
  }

  return {
    list: async ({ query, context }) => {
      const workspaceId = workspaceOf(context)
      const [found, unread, channels] = await Promise.all([
        store.alerts.list(workspaceId, { limit: query.limit, isOpen: query.state === undefined ? undefined : query.state === 'open' }),
        store.alerts.unread(workspaceId, context.actor),
        store.alertChannels.list(workspaceId),
      ])
      const messages = await store.alerts.messages(found.map(({ id }) => id))
      const nameOf = new Map(channels.map(({ id, name }) => [id, name]))
      return {
        unread,
        alerts: found.map((alert) => ({
          id: alert.id,
          title: alert.title,
          ruleName: alert.ruleName,
          incidentId: alert.incidentId,
          openedAt: iso(alert.openedAt),
          escalatedAt: isoOrNull(alert.escalatedAt),
          recoveredAt: isoOrNull(alert.recoveredAt),
          messages: messages
            .filter(({ alertId }) => alertId === alert.id)
            .map((message) => ({
              channelName: nameOf.get(message.channelId) ?? 'a removed channel',
              phase: message.phase,
              state: message.state,
              dueAt: iso(message.dueAt),
              sentAt: isoOrNull(message.sentAt),
              isFallback: message.insteadOf !== null,
              fault: faultOrNull(message.fault),
            })),
        })),
      }
    },
    markRead: async ({ context }) => {
      await store.alerts.markRead(workspaceOf(context), context.actor, clock.now())
      return { ok: true }
    },
    channels: async ({ context }) => ({
      channels: (await store.alertChannels.list(workspaceOf(context))).map((channel) => ({
        ...channel,
        recipients: [...channel.recipients],
        lastSentAt: isoOrNull(channel.lastSentAt),
        lastFault: faultOrNull(channel.lastFault),
      })),
      mailFrom: mailer?.from ?? null,
    }),
    createChannel: async ({ body: { kind, ...body }, context }) => {
      const input = await channelInput(workspaceOf(context), kind, body, undefined)
      return { id: await store.alertChannels.create(workspaceOf(context), kind, input) }
    },
    updateChannel: async ({ params, body, context }) => {
      const known = await channelOf(context, params.channel)
      await store.alertChannels.update(workspaceOf(context), known.id, await channelInput(workspaceOf(context), known.kind, body, known))
      return { ok: true }
    },
    removeChannel: async ({ params, context }) => {
      const known = await channelOf(context, params.channel)
      await store.alertChannels.remove(workspaceOf(context), known.id)
      return { ok: true }
    },
    testChannel: async ({ params, context }) => {
      const channel = await channelOf(context, params.channel)
      try {
        await sendToChannel(parts.engine, channel, testWords(channel.name, parts.publicAddress(), clock.now()))
      } catch (error) {
        const { facts } = toFault(error)
        await store.alertChannels.noteFault(channel.id, facts)
        return { isSent: false, fault: faultView(facts) }
      }
      await store.alertChannels.noteSent(channel.id, clock.now())
      return { isSent: true, fault: null }
    },
    rules: async ({ context }) => ({ rules: (await store.alerts.rules(workspaceOf(context))).map(ruleView) }),
    createRule: async ({ body, context }) => {
      await freeRuleName(workspaceOf(context), body.name, undefined)
      return { id: await store.alerts.createRule(workspaceOf(context), await ruleInput(workspaceOf(context), body)) }
    },
    updateRule: async ({ params, body, context }) => {
      const id = asId('rule', params.rule)
      await freeRuleName(workspaceOf(context), body.name, params.rule)
      const input = await ruleInput(workspaceOf(context), body)
      if (!id || !(await store.alerts.updateRule(workspaceOf(context), id, input))) throw notFound('rule', params.rule)
      return { ok: true }
    },
    removeRule: async ({ params, context }) => {
      const id = asId('rule', params.rule)
      if (!id || !(await store.alerts.removeRule(workspaceOf(context), id))) throw notFound('rule', params.rule)
      return { ok: true }
    },
  }
}

const nameTaken = (what: 'channel' | 'rule', name: string) =>
  userFault({ code: `${what}.name_taken`, message: `There is one called "${name}" already.`, fields: { name: 'is taken' } })

const ruleView = (rule: AlertRule): AlertRuleView => ({
  id: rule.id,
  name: rule.name,
  watch: rule.watch,
  settings: Object.fromEntries(Object.entries(rule.settings).filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
  channelIds: rule.channelIds === null ? null : [...rule.channelIds],
  environments: [...rule.environments],
  isOn: rule.isOn,
  escalateAfterMinutes: rule.escalateAfterMs === null ? null : Math.round(rule.escalateAfterMs / MINUTE_MS),
  escalateTo: [...rule.escalateTo],
})

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
