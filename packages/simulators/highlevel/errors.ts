/**
 * The shapes of refusal HighLevel gives (contract, section 10). Thrown anywhere below the pipeline, which adds `traceId` and
 * the rate headers.
 */
export class VendorRefusal extends Error {
  readonly status: number
  /** A string goes out as text, `undefined` as an empty body. */
  readonly body: Record<string, unknown> | string | undefined
  readonly headers: Record<string, string>

  constructor(status: number, body: Record<string, unknown> | string | undefined, headers: Record<string, string> = {}) {
    super(`vendor answers ${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
}

/** Shape A: one message. */
export const refuse = (status: number, message: string): VendorRefusal =>
  new VendorRefusal(status, { statusCode: status, message, error: REASONS[status] ?? 'Error' })

/** Shape B: validation, a list of messages. */
export const invalid = (messages: readonly string[]): VendorRefusal =>
  new VendorRefusal(422, { statusCode: 422, message: messages, error: 'Unprocessable Entity' })

/** Shape C: the long 400 of the social operations. */
export const badSocialRequest = (message: string): VendorRefusal =>
  new VendorRefusal(400, { status: 400, options: {}, message, name: 'BadRequestException', error: 'Bad Request', statusCode: 400 })

/** Shape F: the coded 400 of CSV uploads (v3). */
export const badCsv = (code: string, message: string, more: Record<string, unknown> = {}): VendorRefusal =>
  new VendorRefusal(400, { code, message, ...more })

/** Shape G: OAuth. */
export const badGrant = (message: string): VendorRefusal => new VendorRefusal(400, { statusCode: 400, message, error: 'Bad Request' })

export const noSuchRoute = (method: string, path: string): VendorRefusal => refuse(404, `Cannot ${method} ${path}`)

/**
 * What strict mode says where only a REPORTED rule tells what HighLevel would do: loud, and naming the rule, so that nothing
 * is built on a rumour without noticing.
 */
export const onlyReported = (rule: string): VendorRefusal => invalid([`strict mode: only a reported rule says what happens here (${rule})`])
