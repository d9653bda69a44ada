import type { RequestView } from '@couplet/api'
import type { Connector, HttpRequest } from '@couplet/connector-sdk'

/** Where a credential stands in a request, by its name: what a person puts in when they try it elsewhere. */
function credentialHeaders({ credentials }: Connector['spec']): Record<string, string> {
  switch (credentials.kind) {
    case 'none':
      return {}
    case 'bearer':
      return { authorization: `Bearer <${credentials.secret}>` }
    case 'basic':
      return { authorization: `Basic <${credentials.user}:${credentials.password}>` }
    case 'header':
      return { [credentials.header.toLowerCase()]: `<${credentials.secret}>` }
    case 'query':
      return {}
    case 'client-credentials':
      return { authorization: 'Bearer <access token>' }
    default:
      return credentials satisfies never
  }
}

/** A request of an operation as it would travel, without secrets. `origin`: where the connection goes, without it the vendor's own. */
export function requestView(spec: Connector['spec'], request: HttpRequest, origin?: string | null): RequestView {
  const pairs = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (typeof value === 'object' ? value : [value]).map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(item)}`),
  )
  const isWhole = /^https?:/.test(request.path)
  const address = isWhole ? request.path : `${(origin ?? spec.origin).replace(/\/+$/, '')}${request.path}`
  if (spec.credentials.kind === 'query') pairs.push(`${encodeURIComponent(spec.credentials.parameter)}=<${spec.credentials.secret}>`)
  const query = pairs.length === 0 ? '' : `${address.includes('?') ? '&' : '?'}${pairs.join('&')}`
  const own = Object.fromEntries(
    Object.entries({ ...spec.headers, ...request.headers }).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const type: Record<string, string> = request.files
    ? { 'content-type': 'multipart/form-data' }
    : request.form
      ? { 'content-type': 'application/x-www-form-urlencoded' }
      : request.body === undefined
        ? {}
        : { 'content-type': 'application/json' }
  return {
    method: request.method,
    url: `${address}${query}`,
    headers: { accept: 'application/json', ...type, ...own, ...credentialHeaders(spec) },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.form === undefined ? {} : { form: request.form }),
    ...(request.files === undefined
      ? {}
      : { files: request.files.map(({ name, filename, contentType }) => ({ name, filename, contentType })) }),
  }
}
