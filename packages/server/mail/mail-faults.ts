import { Fault } from '@couplet/core'

/** What nodemailer's errors tell of themselves. */
export type SmtpTrouble = { code?: string | undefined; response?: string | undefined; responseCode?: number | undefined; message: string }

/** How far the conversation with the mail server had come. */
export type SmtpStage = 'connecting' | 'logging-in' | 'sending'

const RETRY_AFTER_MS = 5 * 60_000

/**
 * The fault for an error at a stage. Only an error while sending, without an answer of the server, leaves open whether the mail was taken:
 * `unknown-outcome`; whatever happened before changed nothing. An answer of the server is quoted, never what we sent.
 */
export function mailFault(stage: SmtpStage, server: string, trouble: SmtpTrouble, now: number): Fault {
  const answer = trouble.response === undefined ? undefined : trouble.response.slice(0, 300)
  const status = trouble.responseCode
  const answered = { ...(status === undefined ? {} : { status }), ...(answer === undefined ? {} : { details: { answer } }) }
  const said = answer === undefined ? '' : ` It answered: ${answer}`

  if (trouble.code === 'ETLS' || isCertificateTrouble(trouble))
    return new Fault({
      code: 'mail.not_encrypted',
      kind: 'user',
      message: `The mail server ${server} does not offer a trustworthy encrypted connection: ${trouble.message}`,
      hint: 'Give the mail server a certificate for the name in COUPLET_SMTP_URL, or name a relay in your own network with ?tls=off.',
      ...answered,
    })
  if (status !== undefined && status >= 400 && status < 500)
    return new Fault({
      code: 'mail.not_now',
      kind: 'throttled',
      message: `The mail server ${server} takes no mail at the moment.${said}`,
      hint: 'Couplet tries again in some minutes.',
      retryAt: now + RETRY_AFTER_MS,
      ...answered,
    })
  if (stage === 'logging-in' || trouble.code === 'EAUTH')
    return new Fault({
      code: 'mail.login_refused',
      kind: 'user',
      message: `The mail server ${server} does not accept the user and password.${said}`,
      hint: 'Correct them in COUPLET_SMTP_URL and start Couplet again. Many providers want a password made for one program only.',
      ...answered,
    })
  if (status !== undefined || trouble.code === 'EENVELOPE' || trouble.code === 'EMESSAGE')
    return new Fault({
      code: 'mail.refused',
      kind: 'rejected',
      message: `The mail server ${server} refused the mail.${said === '' ? ` ${trouble.message}` : said}`,
      hint: 'Check the addresses, and that the server lets COUPLET_MAIL_FROM send.',
      ...answered,
    })
  if (stage === 'sending')
    return new Fault({
      code: 'mail.lost',
      kind: 'unknown-outcome',
      message: `The connection to the mail server ${server} broke while the mail was on its way: it may or may not have been taken.`,
    })
  return new Fault({
    code: 'mail.unreachable',
    kind: 'unavailable',
    message: `The mail server ${server} cannot be reached: ${trouble.message}`,
    hint: 'Check host and port in COUPLET_SMTP_URL, and that this machine may connect to them.',
  })
}

const isCertificateTrouble = ({ code, message }: SmtpTrouble): boolean =>
  /certificate|altname|self-signed/i.test(message) || /CERT|ALTNAME|SELF_SIGNED/.test(code ?? '')
