import { z } from 'zod'
import { CustomerBody, CustomerUpdate, FieldsBody, FieldsetBody, ProjectBody, ProjectUpdate, TagNames } from './bodies.ts'
import { addDefinitions } from './custom-fields.ts'
import { createOrUpdateCustomer, customerBody, customerById, writeCustomer } from './customers.ts'
import type { Operation } from './path-table.ts'
import { createProject, projectBody, projectById, updateProject } from './projects.ts'
import { checked, Refusal } from './refusal.ts'
import { assumes, type FieldDefinition, type PayacaContext, type Project } from './state.ts'
import { withoutTags, withTags } from './tags.ts'

/** What an operation is given: path parameters, query and parsed body. It answers the JSON body or throws a Refusal. */
export type Call = { params: Record<string, string>; query: Record<string, string>; body: unknown }
export type OperationHandler = (call: Call) => unknown

/** Offset from 0, limit 1 to 100, default 50 (CONFIRMED for tax rates, ASSUMED for customers). */
const Paging = z.object({
  offset: z.union([z.literal(''), z.coerce.number().int().min(0)]).optional(),
  limit: z.union([z.literal(''), z.coerce.number().int().min(1).max(100)]).optional(),
})
function paged<Row>(rows: readonly Row[], query: Record<string, string>): Row[] {
  const { offset, limit } = checked(Paging, query)
  const from = offset || 0
  return rows.slice(from, from + (limit || 50))
}

/** Every operation of the path table. Answers are under their noun (CONFIRMED). */
export function payacaOperations(context: PayacaContext): Record<Operation, OperationHandler> {
  const { state } = context
  const customer = (call: Call) => customerById(state, call.params['id'] ?? '')

  const projectAnswer = (project: Project) => ({ [context.setting('projectWrapper')]: projectBody(context, project) })

  function definitions(call: Call): FieldDefinition[] {
    const role = call.params['groupRole']
    if (role === 'project') return state.customFields.project
    if (role === 'customer' && assumes(context, 'customerFieldDefinitions')) return state.customFields.customer
    throw new Refusal(422, `There is no group role ${role}.`)
  }

  function addToFieldset(call: Call) {
    const fieldset = definitions(call).find(
      ({ identifier, type }) => identifier === call.params['fieldsetIdentifier'] && type === 'fieldset',
    )
    if (!fieldset) throw new Refusal(404, 'Fieldset not found')
    fieldset.children ??= []
    addDefinitions(fieldset.children, checked(FieldsetBody, call.body).customFields)
    context.touch()
    return fieldset
  }

  return {
    'customers.list': (call) => {
      const items = paged(state.customers, call.query).map((customer) => customerBody(context, customer))
      return context.setting('customerListShape') === 'array' ? items : { customers: { items } }
    },
    'customers.read': (call) => ({ customer: customerBody(context, customer(call)) }),
    'customers.createOrUpdate': (call) => ({
      customer: customerBody(context, createOrUpdateCustomer(context, checked(CustomerBody, call.body))),
    }),
    'customers.update': (call) => ({
      customer: customerBody(context, writeCustomer(context, customer(call), checked(CustomerUpdate, call.body))),
    }),
    'customers.addTags': (call) => {
      const target = customer(call)
      target.tags = withTags(context, target.tags, checked(TagNames, call.body).tagNames)
      context.touch()
      return { customer: customerBody(context, target) }
    },
    'customers.removeTags': (call) => {
      if (!assumes(context, 'tagRemovalByApi')) throw new Refusal(404, 'Not found')
      const target = customer(call)
      target.tags = withoutTags(context, target.tags, checked(TagNames, call.body).tagNames)
      context.touch()
      return { customer: customerBody(context, target) }
    },
    'projects.create': (call) => {
      const owner = customer(call)
      return projectAnswer(createProject(context, owner, checked(ProjectBody, call.body ?? {})))
    },
    'projects.update': (call) =>
      projectAnswer(updateProject(context, projectById(state, call.params['id'] ?? ''), checked(ProjectUpdate, call.body))),
    'customFields.list': (call) => ({ customFields: definitions(call) }),
    'customFields.create': (call) => {
      const added = addDefinitions(definitions(call), checked(FieldsBody, call.body).customFields)
      context.touch()
      return { customFields: added }
    },
    'customFields.createInFieldset': addToFieldset,
    'taxRates.list': (call) => ({ taxRates: { items: paged(state.taxRates, call.query), total: state.taxRates.length } }),
  }
}
