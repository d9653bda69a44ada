import { hostname } from 'node:os'
import { type Clock, Fault, systemClock } from '@couplet/core'
import type { MailMessage } from '@couplet/connector-sdk'
import type { Mailer } from '@couplet/engine'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SentMessageInfo } from 'nodemailer/lib/smtp-connection'
import { mailFault, type SmtpStage, type SmtpTrouble } from './mail-faults.ts'
import type { SmtpSettings } from './smtp-settings.ts'

const TIMEOUT_MS = 30_000

/**
 * Mail over the operator's server: one connection for each message, bounded in time as a whole. The conversation is led in three
 * steps, so that a fault says whether the message may have been taken (`mail-faults.ts`).
 */
export function createMailer(settings: SmtpSettings, options: { timeoutMs?: number; clock?: Clock } = {}): Mailer {
  const server = `${settings.host}:${settings.port}`
  const clock = options.clock ?? systemClock

  const converse = async <Result>(
    signal: AbortSignal | undefined,
    talk: (connection: SMTPConnection, reached: (stage: SmtpStage) => void) => Promise<Result>,
  ): Promise<Result> => {
    const limit = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
    const stop = signal ? AbortSignal.any([signal, limit]) : limit
    let stage: SmtpStage = 'connecting'
    // Loaded with the first message: many installations send none.
    const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection')
    const connection = new SMTPConnection({
      host: settings.host,
      port: settings.port,
      name: hostname(),
      secure: settings.tls === 'implicit',
      requireTLS: settings.tls === 'required',
      ignoreTLS: settings.tls === 'none',
      tls: { minVersion: 'TLSv1.2' },
    })
    const ended = Promise.withResolvers<never>()
    connection.on('error', (error: SmtpTrouble) => ended.reject(error))
    connection.on('end', () => ended.reject({ message: 'it closed the connection' } satisfies SmtpTrouble))
    const onStop = () => ended.reject({ message: `no answer in time` } satisfies SmtpTrouble)
    if (stop.aborted) onStop()
    stop.addEventListener('abort', onStop, { once: true })
    try {
      return await Promise.race([talk(connection, (next) => (stage = next)), ended.promise])
    } catch (trouble) {
      throw trouble instanceof Fault ? trouble : mailFault(stage, server, troubleOf(trouble), clock.now())
    } finally {
      stop.removeEventListener('abort', onStop)
      ended.promise.catch(() => undefined)
      connection.close()
    }
  }

  const begin = async (connection: SMTPConnection, reached: (stage: SmtpStage) => void): Promise<void> => {
    await called((done) => connection.connect((error) => done(error ?? null, undefined)))
    const { login } = settings
    if (!login) return
    reached('logging-in')
    await called((done) => connection.login({ credentials: { user: login.user, pass: login.password } }, (error) => done(error, undefined)))
  }

  return {
    from: settings.from,
    server,
    check: (signal) => converse(signal, begin),
    send: async (message, signal) => {
      const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
      const mail = new MailComposer({ ...composed(message), from: settings.from }).compile()
      const envelope = mail.getEnvelope()
      const content = await mail.build()
      return converse(signal, async (connection, reached) => {
        await begin(connection, reached)
        reached('sending')
        const sent = await called<SentMessageInfo>((done) => connection.send(envelope, content, done))
        return { messageId: mail.messageId(), refused: sent.rejected }
      })
    },
  }
}

const composed = (message: MailMessage) => ({
  to: [...message.to],
  subject: message.subject,
  text: message.text,
  ...(message.html === undefined ? {} : { html: message.html }),
  ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
  attachments: (message.attachments ?? []).map(({ name, contentType, bytes }) => ({
    filename: name,
    contentType,
    content: Buffer.from(bytes),
  })),
  // Nothing in a message may name a file of this machine or an address to fetch.
  disableFileAccess: true,
  disableUrlAccess: true,
  headers: { 'Auto-Submitted': 'auto-generated' },
})

/** A callback of the library as a promise. */
function called<Result>(call: (done: (error: Error | null, result?: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as Result)))
  })
}

function troubleOf(thrown: unknown): SmtpTrouble {
  if (typeof thrown !== 'object' || thrown === null) return { message: String(thrown) }
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(thrown, name)
    return typeof value === 'string' ? value : undefined
  }
  const responseCode: unknown = Reflect.get(thrown, 'responseCode')
  return {
    message: text('message') ?? 'an unknown error',
    code: text('code'),
    response: text('response'),
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
  }
}
