import { type ConnectionTest, Fault, type Http } from '@couplet/connector-sdk'
import { z } from 'zod'
import { route } from './paths.ts'
import { FieldListAnswer } from './schemas/custom-field.ts'
import { isRowList } from './schemas/rows.ts'

type Connection = { pathOverrides?: Record<string, string> | undefined }

/**
 * Asks Payaca what works: the credentials, the customer list, and the custom fields of customers and projects, which the flows write into. Payaca
 * publishes no limits of its plans (ASSUMED none), so a limit is told when an answer says so. Credentials that are refused throw.
 */
export async function testConnection(http: Http, connection: Connection): Promise<ConnectionTest> {
  const customers = await http({ ...route('customer.list', connection), query: { offset: 0, limit: 1 }, reply: z.unknown() })
  const ok = ['Payaca accepts the client id and secret.']
  const warnings: string[] = []
  if (isRowList(customers, 'customers')) ok.push('Customers can be read.')
  else warnings.push('The customer list has a form Couplet does not know; customers may not show.')
  for (const groupRole of ['customer', 'project'] as const) {
    try {
      const fields = await http({ ...route('custom-field.list', connection, { groupRole }), reply: FieldListAnswer })
      const names = fields.map(({ identifier }) => identifier)
      ok.push(`Custom fields of ${groupRole}s can be read: ${names.length === 0 ? 'there are none yet' : names.slice(0, 8).join(', ')}.`)
    } catch (error) {
      if (!(error instanceof Fault) || error.kind === 'unavailable') throw error
      warnings.push(
        error.kind === 'throttled'
          ? 'A limit was met: Payaca asks to slow down. Couplet does; large flows take longer.'
          : `Custom fields of ${groupRole}s cannot be read: ${error.message}`,
      )
    }
  }
  if (connection.pathOverrides === undefined)
    warnings.push("Only the customer list has a confirmed address. Import Payaca's OpenAPI file before relying on the rest.")
  return { ok, warnings }
}
