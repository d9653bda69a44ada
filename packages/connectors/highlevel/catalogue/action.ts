import { type AnyAction, type Call, sampleValue } from '@couplet/connector-sdk'
import type { z } from 'zod'
import type { ConnectionFacts } from '../connection.ts'
import { refuse } from '../refusals.ts'
import { answerOf, answerSchema, handedOn } from './answer.ts'
import { BLOCKED } from './counterparts.ts'
import { effectOf } from './effect.ts'
import type { OperationFacts, Schema } from './facts.ts'
import { isObject } from './flat.ts'
import { formOf } from './form.ts'
import { type Plan, planOf } from './plan.ts'
import { catalogueRequest } from './request.ts'
import { wordsOf } from './words.ts'

/**
 * An operation of the catalogue as an action. Its form and its answer are made when they are asked for: most of what a list or a check wants to know
 * needs neither.
 */
export function actionOf(facts: OperationFacts, schemas: Readonly<Record<string, Schema>>): AnyAction {
  const plan = once((): Plan => planOf(facts, schemas))
  const input = once((): z.ZodType => formOf(plan()))
  const answer = once((): Schema => answerSchema(facts, schemas))
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
      const reply = await call.http.exchange(catalogueRequest(facts, plan(), values, call.connection))
      return handedOn(reply.body)
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
