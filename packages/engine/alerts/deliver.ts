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
    log.warn({ alertId: message.alertId, channelId: channel.id, code: fault.code, isOver }, 'An alert could not be sent')
    if (!isOver) {
      await store.alerts.messageFailed(id, fault.facts)
      throw fault
    }
    const instead = (await channelsInstead(parts, message, channel)).map((channelId) => ({ channelId, dueAt: clock.now() }))
    if (!(await store.alerts.messageGivenUp(message, fault.facts, instead)))
      log.error({ alertId: message.alertId, channelId: channel.id }, 'An alert reached nobody outside Couplet: no other channel is left')
    return
  }
  await store.alerts.messageSent(id, clock.now())
  await store.alertChannels.noteSent(channel.id, clock.now())
  log.info({ alertId: message.alertId, channelId: channel.id, phase: message.phase }, 'An alert was sent')
}

const isWorthRepeating = ({ kind }: Fault): boolean => kind === 'unavailable' || kind === 'throttled' || kind === 'bug'

/** The channel that was chosen for this, then the others that are on and work. */
async function channelsInstead(
  { store }: Delivering,
  { workspaceId }: AlertMessage,
  { id: failed, fallbackId }: AlertChannel,
): Promise<AlertChannel['id'][]> {
  const others = (await store.alertChannels.list(workspaceId)).filter(({ id, isOn }) => isOn && id !== failed)
  return [
    ...others.filter(({ id }) => id === fallbackId),
    ...others.filter(({ id, lastFault }) => id !== fallbackId && lastFault === null),
  ].map(({ id }) => id)
}
