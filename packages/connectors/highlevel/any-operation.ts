import type { HttpRequest } from '@couplet/connector-sdk'
import { z } from 'zod'
import type { OperationRow } from './operation-row.ts'
import { operationRow } from './operation-table.ts'
import { refuse } from './refusals.ts'
import type { HighlevelCall } from './connection.ts'

/** What the generic actions take besides the operation itself. */
export const requestFields = {
  pathParams: z
    .record(z.string(), z.string().min(1))
    .default({})
    .meta({ title: 'Parts of the path', description: 'Name to value, as in the path: {id}. The sub-account fills itself in.' }),
  query: z.record(z.string(), z.string()).default({}).meta({ title: 'Query' }),
  body: z.json().optional().meta({ title: 'Body' }),
}

export const AnyOutput = z.object({
  status: z.number().meta({ title: 'Status' }),
  body: z.json().meta({ title: 'Answer' }),
  traceId: z.string().optional().meta({ title: 'Trace id' }),
})

type Fields = { operation: string; pathParams: Readonly<Record<string, string>>; query: Readonly<Record<string, string>>; body?: unknown }

/** The row for this id, when a generic action of this kind may perform it; else a fault that says where to go. */
export function permittedRow(id: string, kind: 'read' | 'write'): OperationRow {
  const row = operationRow(id)
  if (!row)
    throw refuse({
      code: 'highlevel.unknown_operation',
      message: `Couplet does not know an operation "${id}" of HighLevel.`,
      fields: { operation: 'unknown' },
    })
  if (row.blocked !== undefined)
    throw refuse({ code: 'highlevel.blocked_operation', message: row.blocked, fields: { operation: 'not possible here' } })
  if (kind === 'read' && row.effect !== 'read')
    throw refuse({
      code: 'highlevel.not_a_read',
      message: `"${row.title}" changes something.`,
      hint: 'Use "Perform any writing operation".',
      fields: { operation: 'it writes' },
    })
  if (kind === 'write' && row.effect === 'read')
    throw refuse({
      code: 'highlevel.not_a_write',
      message: `"${row.title}" only reads.`,
      hint: 'Use "Perform any reading operation": it may be repeated freely.',
      fields: { operation: 'it reads' },
    })
  return row
}

/** Fills the template; each value is percent-encoded, so it cannot leave its place in the path. */
function filledPath(row: OperationRow, params: Readonly<Record<string, string>>): string {
  const fields: Record<string, string> = {}
  const path = row.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = params[name]
    if (value === undefined || value === '' || value === '.' || value === '..') fields[`pathParams.${name}`] = 'needed'
    return encodeURIComponent(value ?? '')
  })
  if (Object.keys(fields).length > 0)
    throw refuse({ code: 'highlevel.path_incomplete', message: `The path ${row.path} is not filled in.`, fields })
  return path
}

/**
 * The request for a row. The sub-account of the connection is put where the operation wants it, and cannot be another: the token
 * would be refused there anyway.
 */
export function requestOf(row: OperationRow, fields: Fields, locationId: string): HttpRequest {
  const query: Record<string, string> = { ...fields.query }
  if (row.locationIn === 'query') query['locationId'] = locationId
  if (row.locationIn === 'altId') Object.assign(query, { altType: 'location', altId: locationId })
  let body = fields.body
  if (row.locationIn === 'body') {
    if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body)))
      throw refuse({
        code: 'highlevel.body_object',
        message: 'The body of this operation is an object.',
        fields: { body: 'an object is needed' },
      })
    body = { ...body, locationId }
  }
  return {
    method: row.method,
    path: filledPath(row, { ...fields.pathParams, locationId }),
    query,
    headers: { Version: row.version },
    ...(body === undefined ? {} : { body }),
  }
}

/** Sends it and hands on whatever comes back. */
export async function perform(call: HighlevelCall, row: OperationRow, fields: Fields): Promise<z.input<typeof AnyOutput>> {
  const reply = await call.http.exchange(requestOf(row, fields, call.connection.locationId))
  const body = z.json().safeParse(reply.body)
  return { status: reply.status, body: body.success ? body.data : null, traceId: reply.traceId }
}
