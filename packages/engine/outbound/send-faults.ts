import { Fault, isJsonObject, userFault } from '@couplet/core'

/*
 * What a failed send means to the engine. The one question that matters for a write is whether the vendor may have got it:
 * `outbound.unreachable` says surely not (nothing was written to a socket), `outbound.no_answer` says perhaps.
 */

export type SendContext = {
  method: string
  /** `host:port` for people. */
  host: string
  /** True when the request changes nothing at the vendor, whatever its method. */
  isRead: boolean
}

/** How far the request got. `queued`: nothing left this process. `sent`: bytes were handed to a connection. `answering`: the status has arrived. */
export type SendStage = { at: 'queued' } | { at: 'sent' } | { at: 'answering'; status: number }

const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return isJsonObject(error) || error instanceof Error ? String(Reflect.get(error, 'code') ?? '') : ''
}

const isCertificateTrouble = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(code)

function whyUnreachable(host: string, code: string): { message: string; hint: string } {
  const isUp = 'Check that the address is right and the service is up. Nothing was sent.'
  if (code === 'ENOTFOUND' || code === 'ENODATA')
    return { message: `No server is known under the name ${host}.`, hint: 'Check the spelling of the address. Nothing was sent.' }
  if (code === 'EAI_AGAIN')
    return {
      message: `The name ${host} could not be looked up just now.`,
      hint: 'Check the network and DNS of the machine Couplet runs on. Nothing was sent.',
    }
  if (code === 'ECONNREFUSED') return { message: `${host} refuses connections.`, hint: isUp }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return { message: `${host} does not accept connections.`, hint: isUp }
  if (isCertificateTrouble(code))
    return {
      message: `No secure connection to ${host} could be made: its certificate is not valid (${code}).`,
      hint: 'The certificate has run out, or is for another name. Nothing was sent.',
    }
  return { message: `No connection to ${host} could be made${code === '' ? '' : ` (${code})`}.`, hint: isUp }
}

/** A failure of the network, as a fault that says whether the request may have arrived. */
export function networkFault(context: SendContext, stage: SendStage, error: unknown): Fault {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  if (code === 'UND_ERR_INVALID_ARG')
    return userFault(
      {
        code: 'outbound.refused',
        message: `The request is not valid HTTP: ${error instanceof Error ? error.message : code}.`,
        hint: 'Look for line breaks or odd characters in headers and address.',
        details: { rule: 'http' },
      },
      error,
    )
  if (stage.at === 'queued')
    return new Fault(
      {
        code: 'outbound.unreachable',
        kind: 'unavailable',
        ...whyUnreachable(context.host, code),
        details: { cause: code, stage: stage.at },
      },
      { cause: error },
    )
  const how =
    code === 'UND_ERR_HEADERS_TIMEOUT'
      ? 'took too long to begin its answer'
      : code.startsWith('HPE_')
        ? 'answered with something that is not HTTP'
        : stage.at === 'answering'
          ? 'broke off in the middle of its answer'
          : 'closed the connection without an answer'
  return noAnswer(context, stage, `${context.host} ${how}.`, code, error)
}

/** The time given to the whole request is over. */
export const timeoutFault = (context: SendContext, stage: SendStage, timeoutMs: number): Fault =>
  stage.at === 'queued'
    ? new Fault({
        code: 'outbound.unreachable',
        kind: 'unavailable',
        message: `No connection to ${context.host} was free or could be made within ${timeoutMs / 1000} s.`,
        hint: 'Check that the service is up. Nothing was sent.',
        details: { cause: 'timeout', stage: stage.at },
      })
    : noAnswer(context, stage, `${context.host} did not answer within ${timeoutMs / 1000} s.`, 'timeout')

/** The caller stopped waiting. */
export const abortFault = (context: SendContext, stage: SendStage): Fault => {
  const isSurelyNotSent = stage.at === 'queued'
  return new Fault({
    code: 'outbound.aborted',
    kind: isSurelyNotSent || context.isRead ? 'unavailable' : 'unknown-outcome',
    message: isSurelyNotSent
      ? `The request to ${context.host} was stopped before it was sent.`
      : `Couplet stopped waiting for the answer of ${context.host}.`,
    details: { cause: 'aborted', stage: stage.at },
  })
}

/** The answer came, but cannot be read: too large, or damaged. A write has arrived; what it did is not known. */
export const unreadableFault = (context: SendContext, status: number, why: string): Fault =>
  new Fault({
    code: 'outbound.unreadable_answer',
    kind: context.isRead ? 'rejected' : 'unknown-outcome',
    message: `The answer of ${context.host} cannot be read: ${why}.`,
    hint: 'Ask for less at once (a smaller page, a shorter time), or for another format.',
    status,
    details: { stage: 'answering' },
  })

function noAnswer(context: SendContext, stage: SendStage, message: string, cause: string, error?: unknown): Fault {
  return new Fault(
    {
      code: 'outbound.no_answer',
      kind: context.isRead ? 'unavailable' : 'unknown-outcome',
      message,
      hint: context.isRead ? 'It will be asked again.' : 'The request may have arrived. Check there before it is sent again.',
      ...(stage.at === 'answering' ? { status: stage.status } : {}),
      details: { cause, stage: stage.at },
    },
    error === undefined ? undefined : { cause: error },
  )
}
