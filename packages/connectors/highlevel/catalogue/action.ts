import {
  answerOf,
  answerSchema,
  type AnyAction,
  type Call,
  callForm,
  handedOn,
  isObject,
  type Plan,
  sampleValue,
  type Schema,
} from '@couplet/connector-sdk'
import type { z } from 'zod'
import type { ConnectionFacts } from '../connection.ts'
import { refuse } from '../refusals.ts'
import { callFacts, catalogueRequest, formHints, planOf } from './call.ts'
import { BLOCKED } from './counterparts.ts'
import { effectOf } from './effect.ts'
import type { OperationFacts } from './facts.ts'
import { wordsOf } from './words.ts'

/**
 * An operation of the catalogue as an action. Its form and its answer are made when they are asked for: most of what a list or a check wants to know
 * needs neither.
 */
export function actionOf(facts: OperationFacts, schemas: Readonly<Record<string, Schema>>): AnyAction {
  const request = once(() => callFacts(facts, schemas))
  const plan = once((): Plan => planOf(request()))
  const input = once((): z.ZodType => callForm(plan(), formHints(plan(), facts)))
  const answer = once((): Schema => answerSchema(request().reply))
  const output = once((): z.ZodType => answerOf(answer()))
  const effect = effectOf(facts)
  return {
    ...wordsOf(facts),
    kind: 'action',
    connector: 'highlevel',
    scopes: facts.scopes,
    get input() {
      return input()
    },
    get output() {
      return output()
    },
    get samples(): readonly [unknown] {
      return [sampleValue(answer())]
    },
    effect,
    async run(call: Call<unknown, ConnectionFacts>) {
      const blocked = BLOCKED[facts.id]
      if (blocked !== undefined) throw refuse({ code: 'highlevel.blocked_operation', message: blocked, hint: 'Choose another operation.' })
      const values = isObject(call.input) ? call.input : {}
      const reply = await call.http.exchange(catalogueRequest(request(), facts.version, plan(), values, call.connection))
      return handedOn(reply.body)
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
