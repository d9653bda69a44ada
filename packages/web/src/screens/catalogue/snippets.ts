import type { RequestView } from '@couplet/api'
import { isJsonObject } from '@couplet/core'

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => (/^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

const BASIC = /^Basic <([^>]+)>$/

/** The request as a cURL command; credentials stay names in angle brackets. */
export function curlOf(request: RequestView): string {
  const { authorization, ...headers } = request.headers
  const basic = BASIC.exec(authorization ?? '')?.[1]
  const parts = [
    `curl ${request.method === 'GET' ? '' : `-X ${request.method} `}${quoted(request.url)}`,
    ...(basic === undefined
      ? authorization === undefined
        ? []
        : [`-H ${quoted(`Authorization: ${authorization}`)}`]
      : [`-u ${quoted(`<${basic.replace(':', '>:<')}>`)}`]),
    ...Object.entries(headers)
      .filter(([name]) => !(request.files && name === 'content-type') && !(request.form && name === 'content-type'))
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`-d ${quoted(JSON.stringify(request.body, null, 2))}`]),
    ...Object.entries(request.form ?? {}).map(
      ([name, value]) => `${request.files ? '-F' : '--data-urlencode'} ${quoted(`${name}=${value}`)}`,
    ),
    ...(request.files ?? []).map(({ name, filename, contentType }) => `-F ${quoted(`${name}=@${filename};type=${contentType}`)}`),
  ]
  return parts.join(' \\\n  ')
}

const BARE = /^[A-Za-z_$][\w$]*$/

/** A value as TypeScript reads it, members without quotes where they may be. */
function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[\n${value.map((item) => `${inner}${literal(item, inner)},\n`).join('')}${indent}]`
  if (isJsonObject(value)) {
    const entries = Object.entries(value)
    const named = ([name, item]: [string, unknown]) =>
      `${inner}${BARE.test(name) ? name : JSON.stringify(name)}: ${literal(item, inner)},\n`
    return entries.length === 0 ? '{}' : `{\n${entries.map(named).join('')}${indent}}`
  }
  return JSON.stringify(value) ?? 'undefined'
}

/** The request with `fetch`; credentials stay names in angle brackets. */
export function typescriptOf(request: RequestView): string {
  const { authorization, ...headers } = request.headers
  const basic = BASIC.exec(authorization ?? '')?.[1]
  const lines: string[] = []
  const auth =
    basic === undefined
      ? authorization && JSON.stringify(authorization)
      : `\`Basic \${btoa(${JSON.stringify(`<${basic.replace(':', '>:<')}>`)})}\``
  if (request.files) {
    lines.push('const form = new FormData()')
    for (const [name, value] of Object.entries(request.form ?? {}))
      lines.push(`form.append(${JSON.stringify(name)}, ${JSON.stringify(value)})`)
    for (const { name, filename, contentType } of request.files)
      lines.push(
        `form.append(${JSON.stringify(name)}, new File([bytes], ${JSON.stringify(filename)}, { type: ${JSON.stringify(contentType)} }))`,
      )
    lines.push('')
  }
  const body = request.files
    ? 'form'
    : request.form
      ? `new URLSearchParams(${literal(request.form, '  ')})`
      : request.body === undefined
        ? undefined
        : `JSON.stringify(${literal(request.body, '  ')})`
  const shown = Object.entries(headers).filter(([name]) => !((request.files || request.form) && name === 'content-type'))
  lines.push(
    `const reply = await fetch(${JSON.stringify(request.url)}, {`,
    ...(request.method === 'GET' ? [] : [`  method: ${JSON.stringify(request.method)},`]),
    '  headers: {',
    ...shown.map(([name, value]) => `    ${BARE.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)},`),
    ...(auth ? [`    authorization: ${auth},`] : []),
    '  },',
    ...(body === undefined ? [] : [`  body: ${body},`]),
    '})',
    'if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`)',
    'const answer: unknown = await reply.json()',
  )
  return lines.join('\n')
}
