import { type Fault, isJsonObject, type Json, type JsonObject, userFault } from '@couplet/core'
import type { Connector } from '@couplet/connector-sdk'
import { foreignHostFault, isVendorHost, type OutboundClient } from '@couplet/engine'

export type Entered = { facts: Record<string, unknown>; secrets: Record<string, unknown> }
/** As the store keeps it: what was checked, secrets as texts. */
export type Checked = { facts: JsonObject; secrets: Record<string, string> }

const wrong = (title: string, fields: Record<string, string>): Fault =>
  userFault({
    code: 'connection.invalid',
    message: `This ${title} connection cannot be saved: ${Object.entries(fields)
      .map(([field, problem]) => `${field}: ${problem}`)
      .join('; ')}`,
    hint: 'Mend the fields named here; nothing was saved.',
    fields,
    place: Object.keys(fields)[0] ?? 'facts',
  })

/**
 * What a person entered for a connection, checked by the connector's forms and its offline rules. Throws `connection.invalid` with the
 * fields. The values are never repeated in the message: some are secrets.
 */
export function checkEntered(spec: Connector['spec'], entered: Entered): Checked {
  const facts = spec.connection.safeParse(entered.facts)
  const secrets = spec.secrets.safeParse(entered.secrets)
  const fields: Record<string, string> = {}
  for (const result of [facts, secrets])
    for (const issue of result.error?.issues ?? []) fields[issue.path.map(String).join('.') || '(all)'] ??= entryWords(issue)
  if (!facts.success || !secrets.success) throw wrong(spec.title, fields)
  const found = spec.checkEntered?.({ facts: facts.data, secrets: secrets.data })
  if (found && Object.keys(found).length > 0) throw wrong(spec.title, found)
  // Most facts are texts; a few are objects (Payaca's corrected paths).
  const kept: Json = JSON.parse(JSON.stringify(facts.data))
  return {
    facts: isJsonObject(kept) ? kept : {},
    secrets: Object.fromEntries(
      Object.entries(secrets.data).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
  }
}

/** A live secret only goes to its vendor: another base URL must be one the operator allowed. Throws `outbound.refused`. */
export function checkVendorHost(
  outbound: Pick<OutboundClient, 'isAllowed'>,
  spec: Connector['spec'],
  environment: string,
  origin: string | null,
): void {
  const url = origin === null ? null : URL.parse(origin)
  if (url && environment === 'live' && !isVendorHost(spec, url.hostname) && !outbound.isAllowed(url)) throw foreignHostFault(spec, url.host)
}

/** A missing field is the common case and deserves plain words. */
const entryWords = (issue: { code?: string; message: string; input?: unknown }): string =>
  issue.code === 'invalid_type' && issue.message.includes('undefined') ? 'is missing' : issue.message
