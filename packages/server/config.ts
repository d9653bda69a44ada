import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { type Fault, userFault } from '@couplet/core'
import { readSmtpSettings, type SmtpSettings } from './mail/smtp-settings.ts'

/** The environment of a child process: this one's, with some of it set otherwise. */
export const childEnvironment = (otherwise: Readonly<Record<string, string>>): Record<string, string | undefined> => ({
  ...process.env,
  ...otherwise,
})

/** Everything an operator can set. The only module that reads the environment. */
export type Config = {
  host: string
  port: number
  /** Absent: Couplet starts its own PostgreSQL in the data folder. */
  databaseUrl: string | undefined
  dataDir: string
  /** Text of COUPLET_KEY: one vault key or several. */
  key: string | undefined
  /** Address by which vendors reach Couplet, without a slash at the end. */
  publicUrl: string | undefined
  /** Hosts that flows may call although they are not on the public internet. */
  allowedHosts: readonly string[]
  /** Addresses of proxies before Couplet, which are believed who calls. */
  trustedProxies: readonly string[]
  /** An API token, for the couplet command; the server does not use it. */
  apiToken: string | undefined
  isSandboxOn: boolean
  /** The mail server for alerts, invitations and e-mail steps. */
  smtp: SmtpSettings | undefined
  logLevel: LogLevel
  /** Who brings it may read the metrics from anywhere; absent: only programs of this machine may. */
  metricsToken: string | undefined
  /** A port of its own for the metrics, for processes without pages. */
  metricsPort: number | undefined
}

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

type Environment = Readonly<Record<string, string | undefined>>

const wrong = (name: string, value: string, why: string, hint: string): Fault =>
  userFault({ code: 'settings.invalid', message: `${name}=${JSON.stringify(value)} ${why}.`, hint, place: name, fields: { [name]: why } })

/** The configuration in the environment. Throws `settings.invalid`, naming the variable, for a value that cannot be used. */
export function readConfig(environment: Environment = process.env): Config {
  const read = (name: string): string | undefined => {
    const text = environment[name]?.trim()
    return text === undefined || text === '' ? undefined : text
  }
  const databaseUrl = read('DATABASE_URL')
  const publicUrl = read('COUPLET_PUBLIC_URL')
  return {
    host: readHost(read('HOST')),
    port: readPort('PORT', read('PORT')),
    databaseUrl: databaseUrl === undefined ? undefined : readDatabaseUrl(databaseUrl),
    dataDir: resolve(read('COUPLET_DATA') ?? './data'),
    key: read('COUPLET_KEY'),
    publicUrl: publicUrl === undefined ? undefined : readPublicUrl(publicUrl),
    allowedHosts: (read('COUPLET_ALLOWED_HOSTS') ?? '')
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .map(readAllowedHost),
    trustedProxies:
      read('COUPLET_TRUSTED_PROXIES')
        ?.split(/[\s,]+/)
        .filter((entry) => entry !== '')
        .map(readProxy) ?? (publicUrl === undefined ? [] : PROXIES_HERE),
    apiToken: read('COUPLET_TOKEN'),
    isSandboxOn: readSwitch('COUPLET_SANDBOX', read('COUPLET_SANDBOX')),
    smtp: readSmtpSettings(read('COUPLET_SMTP_URL'), read('COUPLET_MAIL_FROM')),
    logLevel: readLogLevel(read('LOG_LEVEL')),
    metricsToken: readMetricsToken(read('COUPLET_METRICS_TOKEN')),
    metricsPort: read('COUPLET_METRICS_PORT') === undefined ? undefined : readPort('COUPLET_METRICS_PORT', read('COUPLET_METRICS_PORT')),
  }
}

const PORT_DEFAULT = 4300

/** A port from text. `name` is the variable or option it came from. */
export function readPort(name: string, text: string | undefined): number {
  if (text === undefined) return PORT_DEFAULT
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw wrong(name, text, 'is not a port', 'Write a number from 1 to 65535, or 0 to let the system choose.')
  return port
}

function readHost(text: string | undefined): string {
  if (text === undefined) return '127.0.0.1'
  if (/[\s/]/.test(text))
    throw wrong(
      'HOST',
      text,
      'is not a host name or address',
      'Write an address of this machine, for example 127.0.0.1, or 0.0.0.0 for all.',
    )
  return text
}

function readDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // The value is not repeated: it holds a password.
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol))
    throw wrong(
      'DATABASE_URL',
      '…',
      'is not the address of a PostgreSQL',
      'Write postgres://user:password@host:5432/database, or leave it out to use the embedded PostgreSQL.',
    )
  return text
}

function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw wrong(
      'COUPLET_PUBLIC_URL',
      text,
      'is not a web address',
      'Write the address by which the internet reaches Couplet, for example https://couplet.example.org.',
    )
  return url.href.replace(/\/+$/, '')
}

function readAllowedHost(entry: string): string {
  const url = URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : undefined
  if (url === undefined || url.pathname !== '/' || url.username !== '' || url.search !== '' || url.hash !== '' || entry.includes('/'))
    throw wrong(
      'COUPLET_ALLOWED_HOSTS',
      entry,
      'is not a host',
      'Write hosts, or hosts with a port, separated by commas: intranet.example.org, 127.0.0.1:4010.',
    )
  return entry
}

/** Behind a public address, a proxy on the same machine is the usual case. */
const PROXIES_HERE = ['127.0.0.0/8', '::1']

function readProxy(entry: string): string {
  const [address = '', bits, ...rest] = entry.split('/')
  const bitsMax = isIP(address) === 6 ? 128 : 32
  const isRight = isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
  if (!isRight)
    throw wrong(
      'COUPLET_TRUSTED_PROXIES',
      entry,
      'is not an address',
      'Write addresses or networks of your proxies, separated by commas: 10.0.0.5, 172.16.0.0/12.',
    )
  return entry
}

function readSwitch(name: string, text: string | undefined): boolean {
  if (text === undefined) return true
  const value = text.toLowerCase()
  if (['on', 'true', 'yes', '1'].includes(value)) return true
  if (['off', 'false', 'no', '0'].includes(value)) return false
  throw wrong(name, text, 'is neither on nor off', `Write ${name}=on or ${name}=off.`)
}

function readLogLevel(text: string | undefined): LogLevel {
  if (text === undefined) return 'info'
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase())
  if (level === undefined) throw wrong('LOG_LEVEL', text, 'is not a log level', `Write one of ${LOG_LEVELS.join(', ')}.`)
  return level
}

const METRICS_TOKEN_CHARS_MIN = 16

function readMetricsToken(text: string | undefined): string | undefined {
  if (text !== undefined && text.length < METRICS_TOKEN_CHARS_MIN)
    throw wrong('COUPLET_METRICS_TOKEN', '…', 'is too short', `Use at least ${METRICS_TOKEN_CHARS_MIN} characters that nobody can guess.`)
  return text
}
