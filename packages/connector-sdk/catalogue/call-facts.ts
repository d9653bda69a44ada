import type { HttpMethod } from '../http.ts'
import type { Schema } from './schema.ts'

/** A parameter of a call, by the vendor's name. */
export type CallParameter = { name: string; in: 'path' | 'query' | 'header'; required?: true | undefined; schema: Schema }

/** One call of a vendor as facts, without a reference left in any schema: what a form, a request and an answer are made from. */
export type CallFacts = {
  method: HttpMethod
  /** With `{name}` where a value goes. */
  path: string
  parameters: readonly CallParameter[]
  body?: { type: 'json' | 'form' | 'multipart'; required?: true | undefined; schema: Schema } | undefined
  /** Answer of success; absent when the vendor leaves it open. */
  reply?: Schema | undefined
}
