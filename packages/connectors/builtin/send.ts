import type { Http } from '@couplet/connector-sdk'
import type { z } from 'zod'
import { type HttpAnswer, type sendFields, toHttpAnswer } from './schemas/http.ts'

type Send = { [Key in keyof typeof sendFields]: z.output<(typeof sendFields)[Key]> }

/** Sends to a whole address, as the two sending operations share it. */
export async function send(http: Http, input: Partial<Send> & Pick<Send, 'method' | 'url'>): Promise<z.output<typeof HttpAnswer>> {
  const reply = await http.exchange({
    method: input.method,
    path: input.url,
    ...(input.query ? { query: input.query } : {}),
    ...(input.headers ? { headers: input.headers } : {}),
    ...(input.body === undefined ? {} : { body: input.body }),
    ...(input.limit ? { pace: input.limit } : {}),
  })
  return toHttpAnswer(reply)
}
