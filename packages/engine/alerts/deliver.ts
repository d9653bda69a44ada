import { type AlertMessageId, type Fault, toFault } from '@couplet/core'
import { ALERT_ATTEMPTS_MAX, type AlertChannel, type AlertMessage } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { sendToChannel } from './channels/send-to-channel.ts'
import { alertWords } from './message.ts'

type Delivering = Pick<EngineParts, 'store' | 'clock' | 'registry' | 'outbound' | 'mailer' | 'log'> & { publicAddress(): string }

/**
 * Sends one message, once: what was sent or dropped is left alone. Throws while it should be tried again; after the last attempt, or a fault that
 * no repeat mends, another channel gets it.
 */
export async function deliverAlert(parts: Delivering, id: AlertMessageId): Promise<void> {
  const { store, clock, log } = parts
  const message = await store.alerts.message(id)
  if (!message || message.state !== 'waiting') return
  const [channel, incident] = await Promise.all([
    store.alertChannels.find(message.workspaceId, message.channelId),
    store.incidents.find(message.workspaceId, message.incidentId),
  ])
  if (!channel || !incident) return
  const words = alertWords(incident, message.phase, {
    titleOf: (connector) => parts.registry.connector(connector)?.spec.title ?? connector,
    publicAddress: parts.publicAddress(),
  })
  try {
    await sendToChannel(parts, channel, words)
  } catch (thrown) {
    const fault = toFault(thrown)
    await store.alertChannels.noteFault(channel.id, fault.facts)
    const isOver = message.attempts + 1 >= ALERT_ATTEMPTS_MAX || !isWorthRepeating(fault)
    await store.alerts.messageFailed(id, fault.facts, isOver ? 'failed' : undefined)
    log.warn({ alertId: message.alertId, channelId: channel.id, code: fault.code, isOver }, 'An alert could not be sent')
    if (!isOver) throw fault
    await redirect(parts, message, channel)
    return
  }
  await store.alerts.messageSent(id, clock.now())
  await store.alertChannels.noteSent(channel.id, clock.now())
  log.info({ alertId: message.alertId, channelId: channel.id, phase: message.phase }, 'An alert was sent')
}

const isWorthRepeating = ({ kind }: Fault): boolean => kind === 'unavailable' || kind === 'throttled' || kind === 'bug'

/** To the channel that was chosen for this, else to the first other that is on and works. */
async function redirect({ store, clock, log }: Delivering, message: AlertMessage, failed: AlertChannel): Promise<void> {
  const others = (await store.alertChannels.list(message.workspaceId)).filter(({ id, isOn }) => isOn && id !== failed.id)
  const inOrder = [
    ...others.filter(({ id }) => id === failed.fallbackId),
    ...others.filter(({ id, lastFault }) => id !== failed.fallbackId && lastFault === null),
  ]
  for (const other of inOrder) if (await store.alerts.redirect(message, { channelId: other.id, dueAt: clock.now() })) return
  log.error({ alertId: message.alertId, channelId: failed.id }, 'An alert reached nobody outside Couplet: no other channel is left')
}
