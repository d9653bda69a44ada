import {
  answerOf,
  answerSchema,
  type AnyAction,
  type Call,
  callForm,
  callPlan,
  callRequest,
  handedOn,
  isObject,
  type Plan,
  sampleValue,
  type Schema,
} from '@couplet/connector-sdk'
import type { z } from 'zod'
import type { ImportedOperation } from '../facts.ts'
import { becauseOf } from '../operations/guess-effect.ts'
import { actionWords } from './imported-words.ts'

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

const effectOf = ({ effect, method, keyHeader }: ImportedOperation): AnyAction['effect'] => {
  if (effect === 'read') return { kind: 'read' }
  if (effect === 'keyed' && keyHeader !== undefined) return { kind: 'write', resend: 'keyed', header: keyHeader }
  const resend = effect === 'harmless' ? 'harmless' : 'never'
  return { kind: 'write', resend, because: becauseOf(resend, method) }
}

/** Fields a person fills in: the idempotency key is Couplet's. */
const withoutKey = (operation: ImportedOperation): ImportedOperation =>
  operation.keyHeader === undefined
    ? operation
    : { ...operation, parameters: operation.parameters.filter(({ name, in: place }) => place !== 'header' || name !== operation.keyHeader) }

/** An imported operation as an action. Form, answer and sample are made when they are asked for. */
export function importedAction(connectorId: string, kept: ImportedOperation, version: number): AnyAction {
  const operation = withoutKey(kept)
  const plan = once((): Plan => callPlan(operation))
  const input = once((): z.ZodType => callForm(plan()))
  const answer = once((): Schema => answerSchema(operation.reply))
  const output = once((): z.ZodType => answerOf(answer()))
  const { effect: _class, ...words } = actionWords(connectorId, operation, version)
  return {
    ...words,
    get input() {
      return input()
    },
    get output() {
      return output()
    },
    get samples(): readonly [unknown] {
      return [sampleValue(answer())]
    },
    effect: effectOf(operation),
    async run(call: Call<unknown, Record<string, unknown>>) {
      const request = callRequest(operation, plan(), isObject(call.input) ? call.input : {})
      const key = operation.keyHeader === undefined ? {} : { [operation.keyHeader]: call.effectKey }
      const reply = await call.http.exchange({ ...request, headers: { ...request.headers, ...key } })
      return handedOn(reply.body)
    },
  }
}
