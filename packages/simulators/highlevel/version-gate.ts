import { unauthorized } from './auth.ts'
import { type Highlevel, isOn } from './context.ts'
import { noSuchRoute, refuse } from './errors.ts'

export type ApiVersion = 'v2' | 'v3'
/** In which versions a path exists. */
export type Availability = { v2: boolean; v3: boolean }

const PUBLISHED: readonly string[] = ['2023-02-21', '2021-07-28', '2021-04-15', 'v3']
/** What the v2 files declare for the Social Planner and its neighbours. */
const DECLARED_V2 = '2021-07-28'
const PLAIN_401 = 'Unauthorized'

/**
 * Which version a request asks for. The header is needed and its value checked (CONFIRMED); the texts, the answers of the gate
 * between versions and the tolerance for other published dates are REPORTED. Strict mode answers a plain 401 to all of them.
 */
export function askedVersion(
  context: Highlevel,
  header: string | undefined,
  exists: Availability,
  request: { method: string; path: string; declared?: string | undefined },
): ApiVersion {
  if (header === undefined || header === '') throw unauthorized(context, 'version header was not found.', PLAIN_401)
  if (!PUBLISHED.includes(header)) throw unauthorized(context, 'version header is invalid', PLAIN_401)
  const version: ApiVersion = header === 'v3' ? 'v3' : 'v2'
  const isDeclared = version === 'v3' || header === (request.declared ?? DECLARED_V2) || isOn(context, 'versionAnyPublished')
  if (exists[version] && isDeclared) return version
  if (!isOn(context, 'versionGate')) throw unauthorized(context, 'version header is invalid', PLAIN_401)
  if (version === 'v3') throw refuse(400, 'endpoint not available in v3')
  if (exists.v2) throw unauthorized(context, 'version header is invalid', PLAIN_401)
  throw noSuchRoute(request.method, request.path)
}
