import { isJsonObject, type Json, parseJson, userFault } from '@couplet/core'
import { parse, type ParseEntry } from 'shell-quote'

/** A cURL command as an HTTP step. What looks like a secret is named, never kept. */
export type CurlStep = {
  operation: 'builtin.http.read' | 'builtin.http.send'
  title: string
  /** Of the request, without its query. */
  address: string
  input: Record<string, Json>
  secrets: { place: string; name: string }[]
  ignored: string[]
}

/** Options with a value behind them that say something about the request. */
const METHOD = new Set(['-X', '--request'])
const HEADER = new Set(['-H', '--header'])
const DATA = new Set(['-d', '--data', '--data-raw', '--data-ascii', '--data-binary', '--json'])
const ENCODED = new Set(['--data-urlencode'])
const FORM = new Set(['-F', '--form'])
const USER = new Set(['-u', '--user', '--oauth2-bearer'])
const COOKIE = new Set(['-b', '--cookie'])
const AGENT = new Set(['-A', '--user-agent', '-e', '--referer'])
/** Options with a value that have no meaning for a step. */
const VALUED = new Set([
  '-o',
  '--output',
  '-m',
  '--max-time',
  '--connect-timeout',
  '--retry',
  '-w',
  '--write-out',
  '--cacert',
  '--cert',
  '--key',
  '-x',
  '--proxy',
  '-c',
  '--cookie-jar',
  '--resolve',
  '--max-redirs',
  '-T',
  '--upload-file',
  '-K',
  '--config',
])

const SECRET_HEADER = /^(authorization|proxy-authorization|cookie|x-api-key)$|api[-_]?key|token|secret|password|signature/i
const SECRET_QUERY = /^(api[-_]?key|apikey|key|access[-_]?token|auth[-_]?token|token|secret|password|client[-_]?secret|signature|sig)$/i

const unreadable = (message: string, hint = 'Paste the whole command, beginning with curl.') =>
  userFault({ code: 'curl.not_readable', message, hint })

/** Words of the command as a shell would make them. Anything a shell would run or look up is refused: it is not ours to run. */
function wordsOf(command: string): string[] {
  const joined = command.replaceAll(/(\\|\^)\r?\n/g, ' ').replaceAll(/\$'/g, "'")
  const words: ParseEntry[] = parse(joined.trim().replace(/^\$\s+/, ''), (name: string) => `$${name}`)
  return words.map((word) => {
    if (typeof word === 'string') return word
    if ('op' in word && word.op === 'glob') return word.pattern
    throw unreadable(
      'The command does more than one request: it has pipes, comments or other commands of the shell.',
      'Paste only the curl command itself.',
    )
  })
}

type Read = {
  method?: string
  url?: string
  headers: [string, string][]
  data: string[]
  isForm: boolean
  isGet: boolean
  secrets: CurlStep['secrets']
  ignored: string[]
  parts: string[]
}

function readWords(words: readonly string[]): Read {
  if (words[0] !== 'curl' && words[0] !== 'curl.exe') throw unreadable('This is no cURL command: it does not begin with curl.')
  const read: Read = { headers: [], data: [], isForm: false, isGet: false, secrets: [], ignored: [], parts: [] }
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, long, glued] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? []
    const [, short, stuck] = /^(-[XHdFubAe])(.+)$/s.exec(word) ?? []
    const option = long ?? short ?? word
    const value = (): string => glued ?? stuck ?? words[++at] ?? ''
    if (METHOD.has(option)) read.method = value().toUpperCase()
    else if (HEADER.has(option)) {
      const [, name = '', content = ''] = /^([^:]+):\s*(.*)$/s.exec(value()) ?? []
      if (name !== '') read.headers.push([name.trim(), content])
    } else if (DATA.has(option)) {
      if (option === '--json') read.headers.push(['Content-Type', 'application/json'])
      read.data.push(value())
    } else if (ENCODED.has(option)) {
      const [, name = '', content = ''] = /^([^=]*)=?(.*)$/s.exec(value()) ?? []
      read.data.push(`${name}=${encodeURIComponent(content)}`)
    } else if (FORM.has(option)) {
      read.isForm = true
      read.parts.push(value())
    } else if (USER.has(option)) {
      value()
      read.secrets.push({ place: 'sign-in', name: option === '--oauth2-bearer' ? 'Access token' : 'Name and password' })
    } else if (COOKIE.has(option)) {
      value()
      read.secrets.push({ place: 'header', name: 'Cookie' })
    } else if (AGENT.has(option)) read.ignored.push(`${option} ${value()}`)
    else if (VALUED.has(option)) {
      value()
      read.ignored.push(option)
    } else if (option === '--url') read.url = value()
    else if (option === '-G' || option === '--get') read.isGet = true
    else if (option.startsWith('-') && option !== '-') read.ignored.push(option)
    else if (read.url === undefined) read.url = option
    else throw unreadable('The command names more than one address.', 'Paste a command with one address.')
  }
  return read
}

/**
 * Reads a cURL command. Nothing is run and no file is opened: `@file` is refused. Throws `curl.not_readable`.
 */
export function readCurl(command: string): CurlStep {
  const read = readWords(wordsOf(command))
  if (read.url === undefined) throw unreadable('The command names no address.')
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(read.url) ? read.url : `https://${read.url}`)
  if (!url || !/^https?:$/.test(url.protocol)) throw unreadable('The address of the command is no web address.')
  if (read.isForm)
    throw unreadable(
      'The command sends a form with files, which the HTTP step does not.',
      'Send JSON, or import the API of the vendor instead.',
    )
  if (read.data.some((part) => part.startsWith('@')))
    throw unreadable('The command sends a file of your machine, which Couplet cannot see.', 'Put its content into the command.')
  const { secrets } = read
  if (url.username !== '' || url.password !== '') secrets.push({ place: 'address', name: 'Name and password' })
  url.username = ''
  url.password = ''
  if (read.isGet) for (const [name, value] of new URLSearchParams(read.data.join('&'))) url.searchParams.append(name, value)
  const query = plainQuery(url, secrets)
  const headers = plainHeaders(read, secrets)
  const body = read.isGet || read.data.length === 0 ? undefined : bodyOf(read)
  const method = read.method ?? (body === undefined ? 'GET' : 'POST')
  const address = `${url.origin}${url.pathname}`
  const isRead = method === 'GET' || method === 'HEAD'
  if (!isRead && !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
    throw unreadable(`The verb ${method} is not possible in an HTTP step.`)
  return {
    operation: isRead ? 'builtin.http.read' : 'builtin.http.send',
    address,
    title: `${method} ${url.host}${url.pathname}`.slice(0, 80),
    input: {
      ...(isRead ? {} : { method }),
      url: address,
      ...(Object.keys(query).length === 0 ? {} : { query }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(body === undefined || isRead ? {} : { body }),
    },
    secrets,
    ignored: read.ignored,
  }
}

function plainQuery(url: URL, secrets: CurlStep['secrets']): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of url.searchParams)
    if (SECRET_QUERY.test(name)) secrets.push({ place: 'query', name })
    else query[name] = value
  return query
}

/** Headers that are not secret and that the HTTP step does not write by itself. */
function plainHeaders(read: Read, secrets: CurlStep['secrets']): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of read.headers) {
    if (SECRET_HEADER.test(name)) secrets.push({ place: 'header', name })
    else if (
      /^(content-length|host|connection|accept-encoding|user-agent)$/i.test(name) ||
      (/^content-type$/i.test(name) && /json/i.test(value))
    )
      continue
    else headers[name] = value
  }
  return headers
}

function bodyOf(read: Read): Json {
  const text = read.data.join('&')
  const parsed = parseJson(text)
  if (parsed !== undefined && (isJsonObject(parsed) || Array.isArray(parsed))) return parsed as Json
  const type = read.headers.find(([name]) => /^content-type$/i.test(name))?.[1]
  if (type === undefined || /x-www-form-urlencoded/i.test(type))
    throw unreadable(
      'The command sends a web form, and the HTTP step sends JSON.',
      'Send JSON, or import the API of the vendor: its operations can send forms.',
    )
  throw unreadable('The content of the command is no JSON.', 'The HTTP step sends JSON. Check the quotes of the command.')
}
