import type { Connector, WebhookRules } from '@couplet/connector-sdk'

/** What most senders take for "later", and all of them for "not taken". */
const USUAL = 503

/** The status that makes this vendor send again. One that never does is told the truth all the same: no 2xx for what was not stored. */
export const sendAgainStatus = ({ overloadStatus }: Pick<WebhookRules, 'overloadStatus'>): number =>
  overloadStatus === 200 ? USUAL : overloadStatus

/** The same while the address cannot be looked up: by the headers the delivery itself carries, which name its vendor. */
export function sendAgainStatusBySender(
  connectors: readonly Pick<Connector, 'spec'>[],
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): number {
  const sender = connectors.find(({ spec }) => spec.webhooks?.senderHeaders?.some((name) => headers[name] !== undefined))
  return sender?.spec.webhooks ? sendAgainStatus(sender.spec.webhooks) : USUAL
}
