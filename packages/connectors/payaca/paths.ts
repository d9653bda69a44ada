import { type HttpMethod, type Mark, path as encodePath, type VendorFact } from '@couplet/connector-sdk'

/**
 * The one place that knows verbs and paths of Payaca. That the operations exist is CONFIRMED, how they are addressed only where marked so: the
 * public reference shows no method and path lines. A connection may correct single entries (`pathOverrides`), taken from Payaca's own
 * OpenAPI file; nothing else in the connector writes a path.
 */
export const PATHS = {
  'customer.list': { method: 'GET', path: '/v1/customers', mark: 'CONFIRMED' },
  'customer.get': { method: 'GET', path: '/v1/customers/{id}', mark: 'ASSUMED' },
  'customer.upsert': { method: 'POST', path: '/v1/customers', mark: 'ASSUMED' },
  'customer.update': { method: 'PATCH', path: '/v1/customers/{id}', mark: 'ASSUMED' },
  'customer.add-tags': { method: 'POST', path: '/v1/customers/{id}/tags', mark: 'ASSUMED' },
  'customer.remove-tags': { method: 'DELETE', path: '/v1/customers/{id}/tags', mark: 'ASSUMED' },
  'project.create': { method: 'POST', path: '/v1/customers/{id}/projects', mark: 'ASSUMED' },
  'project.update': { method: 'PATCH', path: '/v1/projects/{id}', mark: 'ASSUMED' },
  'custom-field.list': { method: 'GET', path: '/v1/custom-fields/{groupRole}', mark: 'ASSUMED' },
  'custom-field.create': { method: 'POST', path: '/v1/custom-fields/{groupRole}', mark: 'ASSUMED' },
  'custom-field.create-in-fieldset': { method: 'POST', path: '/v1/custom-fields/{groupRole}/{fieldsetIdentifier}', mark: 'ASSUMED' },
  'tax-rate.list': { method: 'GET', path: '/v1/tax-rates', mark: 'ASSUMED' },
} as const satisfies Record<string, { method: HttpMethod; path: `/${string}`; mark: Mark }>

export type PayacaCall = keyof typeof PATHS

/** How a correction is written: verb, space, path with the same names in braces. */
export const PATH_OVERRIDE = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/

const isMethod = (text: string | undefined): text is HttpMethod =>
  text !== undefined && ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(text)

/** Verb and path of a call with its parts filled in, percent-encoded. An override that does not read as one is ignored. */
export function route(
  call: PayacaCall,
  connection: { pathOverrides?: Record<string, string> | undefined },
  parts: Record<string, string> = {},
): { method: HttpMethod; path: string } {
  const [, verb, corrected] = PATH_OVERRIDE.exec(connection.pathOverrides?.[call] ?? '') ?? []
  const template = corrected ?? PATHS[call].path
  return {
    method: isMethod(verb) ? verb : PATHS[call].method,
    path: template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
      parts[name] === undefined ? placeholder : encodePath`${parts[name]}`,
    ),
  }
}

/** Verb and path of a call as Couplet makes it. */
export const addressOf = (call: PayacaCall): string => `${PATHS[call].method} ${PATHS[call].path}`

/** What the catalogue says about the address of a call. */
export function pathFact(call: PayacaCall): VendorFact {
  const { method, path, mark } = PATHS[call]
  return mark === 'CONFIRMED'
    ? { mark, text: `${method} ${path}` }
    : { mark, text: `The operation exists, but its address is a guess: ${method} ${path}. Import Payaca's OpenAPI file to settle it.` }
}

/** True when an address of ours is only a guess: a 404 there may mean the guess is wrong. */
export const isAssumedPath = (method: string, path: string): boolean =>
  !(method === 'GET' && path.split('?')[0] === PATHS['customer.list'].path)
