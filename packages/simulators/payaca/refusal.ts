import type { Context } from 'hono'
import { z } from 'zod'
import type { PayacaContext } from './state.ts'

/** Thrown by operations; becomes an HTTP answer in one place. Statuses are ASSUMED. */
export class Refusal extends Error {
  readonly status: 401 | 404 | 409 | 422 | 429

  constructor(status: Refusal['status'], message: string) {
    super(message)
    this.status = status
  }
}

/** The error body in the shape the setting `errorBody` chooses (every one ASSUMED). */
export function refusalAnswer(c: Context, context: PayacaContext, refusal: Refusal, headers: Record<string, string> = {}): Response {
  const { status, message } = refusal
  switch (context.setting('errorBody')) {
    case 'text':
      return c.text(message, status, headers)
    case 'error':
      return c.json({ error: message }, status, headers)
    case 'errors':
      return c.json({ errors: [{ message }] }, status, headers)
    default:
      return c.json({ message }, status, headers)
  }
}

/** The body as the schema reads it, else a 422. */
export function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (!parsed.success) throw new Refusal(422, z.prettifyError(parsed.error))
  return parsed.data
}
