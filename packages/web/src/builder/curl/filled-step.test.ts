import { Step } from '@couplet/flow'
import { expect, test } from 'vitest'
import { filledStep, isHttpStep } from './filled-step.ts'

const step = (operation: string, more: Record<string, unknown> = {}) => {
  const made = Step.parse({ kind: 'action', id: 'call', operation, version: 1, input: {}, ...more })
  if (!isHttpStep(made)) throw new Error('No HTTP step')
  return made
}
const read = (operation: string, input: Record<string, unknown>) => ({ operation, version: 1, title: 'POST api.example.com/items', input })
const value = (given: unknown) => ({ kind: 'value', value: given })

test('a command fills address, verb, headers and content, and leaves what it does not know', () => {
  const before = step('builtin.http.send', {
    title: 'Tell the shop',
    input: { url: value('https://old.example'), headers: value({ a: 'b' }), limit: value({ max: 5, per: '1 s' }) },
  })
  expect(
    filledStep(before, read('builtin.http.send', { method: 'PUT', url: 'https://api.example.com/items', body: { a: 1 } })),
  ).toMatchObject({
    id: 'call',
    title: 'Tell the shop',
    operation: 'builtin.http.send',
    input: {
      method: value('PUT'),
      url: value('https://api.example.com/items'),
      body: value({ a: 1 }),
      limit: value({ max: 5, per: '1 s' }),
    },
  })
  expect(filledStep(before, read('builtin.http.send', { url: 'https://api.example.com' }))).not.toHaveProperty('input.headers')
})

test('a command that reads makes a reading step; one declared repeatable stays so while it sends', () => {
  const repeatable = step('builtin.http.send-repeatable')
  expect(filledStep(repeatable, read('builtin.http.send', { url: 'https://x.example' }))).toMatchObject({
    operation: 'builtin.http.send-repeatable',
    title: 'POST api.example.com/items',
  })
  expect(filledStep(repeatable, read('builtin.http.read', { url: 'https://x.example' }))).toMatchObject({ operation: 'builtin.http.read' })
  expect(isHttpStep(Step.parse({ kind: 'stop', id: 's', outcome: 'done' }))).toBe(false)
})
