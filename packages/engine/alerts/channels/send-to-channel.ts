import { createHmac } from 'node:crypto'
import { Fault, userFault } from '@couplet/core'
import type { AlertChannel } from '@couplet/store'
import type { EngineParts } from '../../parts.ts'
import type { AlertWords } from '../message.ts'
import { eMailOf } from './e-mail.ts'
import { payloadOf } from './payloads.ts'

const TIMEOUT_MS = 10_000

/**
 * Sends one message to one channel. Throws the fault of the mail server, of the outbound client, or `alert.channel_refused`. A generic webhook is
 * signed: `x-couplet-signature: sha256=<hex of HMAC-SHA256 over the body>`.
 */
export async function sendToChannel(
  parts: Pick<EngineParts, 'store' | 'outbound' | 'mailer' | 'clock'>,
  channel: AlertChannel,
  words: AlertWords,
): Promise<void> {
  if (channel.kind === 'email') {
    if (!parts.mailer)
      throw userFault({
        code: 'mail.not_set_up',
        message: 'This Couplet has no mail server.',
        hint: 'The operator sets COUPLET_SMTP_URL and COUPLET_MAIL_FROM and starts Couplet again.',
      })
    await parts.mailer.send(eMailOf(words, channel.recipients))
    return
  }
  const secret = await parts.store.alertChannels.secret(channel.id)
  if (!secret)
    throw userFault({
      code: 'alert.no_address',
      message: `"${channel.name}" has no address.`,
      hint: 'Enter the address of the webhook again.',
    })
  const body = JSON.stringify(payloadOf(channel.kind, words))
  const signature = secret.signingKey === undefined ? undefined : createHmac('sha256', secret.signingKey).update(body).digest('hex')
  const reply = await parts.outbound.send({
    method: 'POST',
    url: secret.url,
    headers: {
      'content-type': 'application/json',
      ...(signature === undefined ? {} : { 'x-couplet-signature': `sha256=${signature}` }),
    },
    body,
    timeoutMs: TIMEOUT_MS,
  })
  if (reply.status >= 200 && reply.status < 300) return
  const isForLater = reply.status === 429 || reply.status >= 500
  throw new Fault({
    code: 'alert.channel_refused',
    kind: isForLater ? 'unavailable' : 'rejected',
    // The address is a secret: only its host is named.
    message: `${channel.host ?? 'The webhook'} answered HTTP ${reply.status}.`,
    hint: isForLater ? 'Couplet tries again.' : 'The webhook may have been removed there. Make a new one and enter its address.',
    status: reply.status,
  })
}
