import { isObject } from '@couplet/connector-sdk'
import type { OpenApi } from './document/read-document.ts'
import type { LeftOut, SignIn } from './facts.ts'

/** The ways to sign in a document names, those its operations ask for most first; and those Couplet cannot use. */
export function readSignIns(document: OpenApi): { signIns: SignIn[]; leftOut: LeftOut[] } {
  const components = isObject(document['components']) ? document['components'] : {}
  const schemes = isObject(components['securitySchemes']) ? components['securitySchemes'] : {}
  const uses = usesOf(document)
  const leftOut: LeftOut[] = []
  const named = Object.entries(schemes).flatMap(([name, scheme]) => {
    const signIn = isObject(scheme) ? signInOf(name, scheme) : undefined
    if (!signIn) leftOut.push({ place: `Sign-in ${name}`, reason: 'Couplet cannot sign in this way for an imported API.' })
    return signIn ? [{ name, signIn }] : []
  })
  const sorted = named.toSorted((left, right) => (uses.get(right.name) ?? 0) - (uses.get(left.name) ?? 0))
  return { signIns: sorted.length > 0 ? sorted.map(({ signIn }) => signIn) : [{ kind: 'none' }], leftOut }
}

function signInOf(name: string, scheme: Readonly<Record<string, unknown>>): SignIn | undefined {
  const type = scheme['type']
  if (type === 'http') {
    const how = String(scheme['scheme']).toLowerCase()
    return how === 'bearer'
      ? { kind: 'bearer', title: 'Access token' }
      : how === 'basic'
        ? { kind: 'basic', title: 'Name and password' }
        : undefined
  }
  if (type === 'apiKey' && typeof scheme['name'] === 'string') {
    if (scheme['in'] === 'header')
      return scheme['name'].toLowerCase() === 'authorization'
        ? { kind: 'header', title: 'Authorization', name: 'authorization' }
        : { kind: 'header', title: `API key (${scheme['name']})`, name: scheme['name'] }
    return scheme['in'] === 'query' ? { kind: 'query', title: `API key (${scheme['name']})`, name: scheme['name'] } : undefined
  }
  const flow = type === 'oauth2' && isObject(scheme['flows']) ? scheme['flows']['clientCredentials'] : undefined
  if (isObject(flow) && typeof flow['tokenUrl'] === 'string' && URL.canParse(flow['tokenUrl']))
    return {
      kind: 'client-credentials',
      title: `Client id and secret (${name})`,
      tokenUrl: flow['tokenUrl'],
      scopes: isObject(flow['scopes']) ? Object.keys(flow['scopes']).slice(0, 200) : [],
    }
  return undefined
}

/** How often each scheme is asked for, by the whole document or by operations. */
function usesOf(document: OpenApi): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const count = (security: unknown, weight: number): void => {
    for (const one of Array.isArray(security) ? security : [])
      for (const name of isObject(one) ? Object.keys(one) : []) uses.set(name, (uses.get(name) ?? 0) + weight)
  }
  count(document['security'], 1_000)
  for (const item of Object.values(isObject(document['paths']) ? document['paths'] : {}))
    for (const operation of Object.values(isObject(item) ? item : {})) if (isObject(operation)) count(operation['security'], 1)
  return uses
}
