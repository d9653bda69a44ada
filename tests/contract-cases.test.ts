import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CaseRunner, casesWithActions, openCaseRunner } from './support/case-runner.ts'

let runner: CaseRunner
beforeAll(async () => {
  runner = await openCaseRunner()
})
afterAll(async () => {
  await runner[Symbol.asyncDispose]()
})

const named = casesWithActions.flatMap(({ list, action }) => list.cases.map((one) => [`${action.id}: ${one.name}`, list, one] as const))

describe('contract cases, performed as steps against the simulated vendors', () => {
  test.each(named)('%s', async (_, list, one) => {
    const { outcome } = await runner.run(list, one)
    if (one.fails !== undefined) {
      expect(outcome).toMatchObject({ kind: 'fault', fault: { kind: one.fails } })
      // Words for people that look like "token: …" lose what follows to the redaction.
      expect(outcome.kind === 'fault' ? outcome.fault.message : '').not.toContain('[hidden]')
      return
    }
    expect(outcome, outcome.kind === 'fault' ? outcome.fault.message : '').toMatchObject({ kind: 'done' })
    if (outcome.kind !== 'done' || one.expect === undefined) return
    if (typeof one.expect === 'function') expect(one.expect(outcome.output), JSON.stringify(outcome.output).slice(0, 2_000)).toBe(true)
    else expect(outcome.output).toMatchObject(Object(one.expect))
  })
})
