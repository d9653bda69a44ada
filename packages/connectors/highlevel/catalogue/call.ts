import {
  type CallFacts,
  callPlan,
  callRequest,
  type FormHints,
  type HttpRequest,
  type Known,
  type Plan,
  type Schema,
} from '@couplet/connector-sdk'
import type { ConnectionFacts } from '../connection.ts'
import { refuse } from '../refusals.ts'
import { choiceListOf, givenOf, itemChoicesOf } from './choice-of.ts'
import type { IndexRow, OperationFacts } from './facts.ts'
import { inlined } from './inline.ts'

type Values = Readonly<Record<string, unknown>>

/** An operation of the catalogue with everything its module shares put in its place. */
export const callFacts = (facts: OperationFacts, schemas: Readonly<Record<string, Schema>>): CallFacts => ({
  method: facts.method,
  path: facts.path,
  parameters: facts.parameters.map((parameter) => ({ ...parameter, schema: inlined(parameter.schema, schemas) })),
  ...(facts.body === undefined ? {} : { body: { ...facts.body, schema: inlined(facts.body.schema, schemas) } }),
  ...(facts.reply === undefined ? {} : { reply: inlined(facts.reply, schemas) }),
})

const LOCATION = new Set(['locationId', 'location_id'])
const isWord = (schema: Schema, word: string): boolean => !Array.isArray(schema['enum']) || schema['enum'].includes(word)

/** What of the connection goes to this name, if anything: the sub-account is not asked for again in every step. `location` is a word. */
function fromConnection(name: string, schema: Schema): 'locationId' | 'companyId' | 'location' | undefined {
  if (LOCATION.has(name) && schema['type'] !== 'array') return 'locationId'
  if (name === 'companyId') return 'companyId'
  if (name === 'altId') return 'locationId'
  return name === 'altType' && isWord(schema, 'location') ? 'location' : undefined
}

export const planOf = (call: CallFacts): Plan => callPlan(call, fromConnection)

/** Fields picked by name. A list depends on another field only where the form has that. */
function choicesOf(plan: Plan, row: Pick<IndexRow, 'module' | 'path'>): NonNullable<FormHints['lists']> {
  const names = new Set(plan.fields.map(({ name }) => name))
  return Object.fromEntries(
    plan.fields.flatMap(({ member }) => {
      const list = choiceListOf(row, member)
      return list === undefined ? [] : [[member, { list, given: givenOf(list).filter((name) => names.has(name)) }]]
    }),
  )
}

/** What a form has besides the fields of the plan. */
export const formHints = (plan: Plan, row: Pick<IndexRow, 'module' | 'path'>): FormHints => ({
  lists: choicesOf(plan, row),
  itemLists: itemChoicesOf(row),
  ...(plan.filled.some(({ from }) => from === 'companyId')
    ? { extra: { companyId: { type: 'string', minLength: 1, title: 'Agency id', advanced: true } } }
    : {}),
})

/** Values of the connection. `companyId` is not known of every connection: a step may name it. Throws when an agency id nobody gave is needed. */
export const knownOf =
  (values: Values, connection: ConnectionFacts): Known =>
  ({ from, isRequired }) => {
    if (from === 'location') return 'location'
    if (from === 'locationId') return connection.locationId
    const given = values['companyId']
    const companyId = typeof given === 'string' && given !== '' ? given : connection.companyId
    if (companyId === undefined && isRequired)
      throw refuse({
        code: 'highlevel.company_missing',
        message: 'This operation asks for the agency, and neither the step nor the connection names it.',
        hint: 'Enter the agency id in the connection.',
        fields: { companyId: 'needed' },
      })
    return companyId
  }

/** The request an operation of the catalogue means, in its version of the API. */
export function catalogueRequest(call: CallFacts, version: string, plan: Plan, values: Values, connection: ConnectionFacts): HttpRequest {
  const request = callRequest(call, plan, values, knownOf(values, connection))
  return { ...request, headers: { ...request.headers, Version: version } }
}
