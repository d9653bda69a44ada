import { isJsonObject } from '@couplet/core'
import { z } from 'zod'
import { loadFacts } from '../../packages/connectors/highlevel/catalogue/load.ts'
import { publishedMisfits } from './published-replies.ts'
import type { RecordedCall } from './recorded-call.ts'
import { hasVendorFiles } from './vendor-openapi.ts'

/** What in the vendor's answer does not fit our catalogue's form of it, nor, where the vendor's files are beside the repository, theirs. */
export function misfitsOf(id: string, call: RecordedCall | undefined): string[] {
  if (call === undefined) return ['no call was made']
  const theirs = hasVendorFiles ? (publishedMisfits(call) ?? []) : []
  return [...misfitsOfOurs(id, call.answer), ...theirs.map((why) => `as published, ${why}`)]
}

function misfitsOfOurs(id: string, answer: string | undefined): string[] {
  const found = loadFacts(id)
  if (!found?.facts.reply) return ['no answer is known']
  const read: unknown = answer === undefined || answer === '' ? undefined : JSON.parse(answer)
  const schema = z.fromJSONSchema(Object({ ...found.facts.reply, $defs: found.schemas }))
  const parsed = schema.safeParse(read)
  // The vendor adds a trace id to every answer (contract), also where all members of an answer are of another type.
  const { traceId: _, ...content } = isJsonObject(read) ? read : {}
  if (parsed.success || schema.safeParse(content).success) return []
  return parsed.error.issues.map((issue) => `${z.core.toDotPath(issue.path)}: ${issue.message}`)
}
