import { type Fault, userFault } from '@couplet/core'
import type { Connector } from '@couplet/connector-sdk'

export type Entered = { facts: Record<string, unknown>; secrets: Record<string, unknown> }
/** As the store keeps it: what was checked, secrets as texts. */
export type Checked = { facts: Record<string, string>; secrets: Record<string, string> }

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
  const kept = Object.fromEntries(Object.entries(facts.data).filter(([, value]) => value !== undefined))
  return {
    // Most facts are texts. The few that are objects (Payaca's corrected paths) are kept as the JSON they are.
    facts: kept as Record<string, string>,
    secrets: Object.fromEntries(
      Object.entries(secrets.data).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
  }
}

/** A missing field is the common case and deserves plain words. */
const entryWords = (issue: { code?: string; message: string; input?: unknown }): string =>
  issue.code === 'invalid_type' && issue.message.includes('undefined') ? 'is missing' : issue.message
