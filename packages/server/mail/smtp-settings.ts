import ipaddr from 'ipaddr.js'
import { userFault } from '@couplet/core'

/** The mail server as the operator gave it. */
export type SmtpSettings = {
  host: string
  port: number
  /** `implicit`: encrypted from the first byte · `required`: by STARTTLS, or nothing is sent · `none`: as it is. */
  tls: 'implicit' | 'required' | 'none'
  login: { user: string; password: string } | undefined
  /** Who mail is from: `Couplet <couplet@example.org>` or the bare address. */
  from: string
}

const SUBMISSION_PORT = 587
const IMPLICIT_TLS_PORT = 465

const FORM =
  'Write smtps://user:password@mail.example.org (encrypted, port 465) or smtp://user:password@mail.example.org (STARTTLS, port 587); signs in user and password that a URL cannot hold are written as %40 and so on.'

/**
 * Reads COUPLET_SMTP_URL and COUPLET_MAIL_FROM; undefined when neither is set. `smtp:` demands STARTTLS unless the server is this machine, or
 * `?tls=off` says that it is a relay in a trusted network; a password is never sent unencrypted to another machine. Throws
 * `settings.invalid` and never repeats the address, which holds a password.
 */
export function readSmtpSettings(address: string | undefined, from: string | undefined): SmtpSettings | undefined {
  if (address === undefined && from === undefined) return undefined
  if (address === undefined) throw wrong('COUPLET_SMTP_URL', 'is missing, but COUPLET_MAIL_FROM is set', FORM)
  if (from === undefined)
    throw wrong(
      'COUPLET_MAIL_FROM',
      'is missing, but COUPLET_SMTP_URL is set',
      'Write the address mail comes from: Couplet <couplet@example.org>.',
    )
  if (!/^[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>$|^[^\s<>@]+@[^\s<>@]+$/.test(from))
    throw wrong('COUPLET_MAIL_FROM', 'is not an e-mail address', 'Write couplet@example.org or Couplet <couplet@example.org>.')

  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw wrong('COUPLET_SMTP_URL', 'is not the address of a mail server', FORM)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isOff = url.searchParams.get('tls') === 'off'
  const tls = url.protocol === 'smtps:' ? 'implicit' : isOff || isThisMachine(host) ? 'none' : 'required'
  const login = url.username === '' ? undefined : { user: decoded(url.username), password: decoded(url.password) }
  if (login && tls === 'none' && !isThisMachine(host))
    throw wrong('COUPLET_SMTP_URL', 'would send its password unencrypted', 'Leave tls=off out, or use a relay that asks for no password.')
  return { host, port: url.port === '' ? (tls === 'implicit' ? IMPLICIT_TLS_PORT : SUBMISSION_PORT) : Number(url.port), tls, login, from }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw wrong('COUPLET_SMTP_URL', 'holds a % that stands for nothing', FORM)
  }
}

const wrong = (name: string, why: string, hint: string) =>
  userFault({ code: 'settings.invalid', message: `${name} ${why}.`, hint, place: name, fields: { [name]: why } })
