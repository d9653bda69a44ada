import type { Mark } from '../frame/simulator.ts'

const OPERATIONS = [
  'customers.list',
  'customers.read',
  'customers.createOrUpdate',
  'customers.update',
  'customers.addTags',
  'customers.removeTags',
  'projects.create',
  'projects.update',
  'customFields.list',
  'customFields.create',
  'customFields.createInFieldset',
  'taxRates.list',
] as const
export type Operation = (typeof OPERATIONS)[number]

export type PathEntry = {
  operation: Operation
  verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  path: string
  /** How sure verb and path are. That the operation exists is CONFIRMED, except for removing tags. */
  mark: Mark
}

/** Every verb and path of the simulated Payaca: correct a guess here and nowhere else. */
export const PATH_TABLE: readonly PathEntry[] = [
  { operation: 'customers.list', verb: 'GET', path: '/v1/customers', mark: 'CONFIRMED' },
  { operation: 'customers.read', verb: 'GET', path: '/v1/customers/:id', mark: 'ASSUMED' },
  { operation: 'customers.createOrUpdate', verb: 'POST', path: '/v1/customers', mark: 'ASSUMED' },
  { operation: 'customers.update', verb: 'PATCH', path: '/v1/customers/:id', mark: 'ASSUMED' },
  { operation: 'customers.update', verb: 'PUT', path: '/v1/customers/:id', mark: 'ASSUMED' },
  { operation: 'customers.addTags', verb: 'POST', path: '/v1/customers/:id/tags', mark: 'ASSUMED' },
  { operation: 'customers.removeTags', verb: 'DELETE', path: '/v1/customers/:id/tags', mark: 'ASSUMED' },
  { operation: 'projects.create', verb: 'POST', path: '/v1/customers/:id/projects', mark: 'ASSUMED' },
  { operation: 'projects.update', verb: 'PATCH', path: '/v1/projects/:id', mark: 'ASSUMED' },
  { operation: 'projects.update', verb: 'PUT', path: '/v1/projects/:id', mark: 'ASSUMED' },
  { operation: 'customFields.list', verb: 'GET', path: '/v1/custom-fields/:groupRole', mark: 'ASSUMED' },
  { operation: 'customFields.create', verb: 'POST', path: '/v1/custom-fields/:groupRole', mark: 'ASSUMED' },
  {
    operation: 'customFields.createInFieldset',
    verb: 'POST',
    path: '/v1/custom-fields/:groupRole/:fieldsetIdentifier',
    mark: 'ASSUMED',
  },
  { operation: 'taxRates.list', verb: 'GET', path: '/v1/tax-rates', mark: 'ASSUMED' },
]
