import type { Contract, Endpoint } from '@couplet/api'
import type { z } from 'zod'
import type { RequestContext } from '../server-parts.ts'

/** What one endpoint's handler is given and must give: the contract's own types. Faults are thrown. */
export type Handler<E> =
  E extends Endpoint<infer Params, infer Query, infer Body, infer Reply>
    ? (request: {
        params: z.output<Params>
        query: z.output<Query>
        body: Body extends z.ZodType ? z.output<Body> : undefined
        context: RequestContext
      }) => Promise<z.output<Reply>>
    : never

/** A handler for every endpoint of the contract; leaving one out does not compile. */
export type Handlers = { [Area in keyof Contract]: { [Name in keyof Contract[Area]]: Handler<Contract[Area][Name]> } }
