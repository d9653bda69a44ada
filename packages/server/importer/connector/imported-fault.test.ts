import { expect, test } from 'vitest'
import { importedFault } from './imported-fault.ts'

test.each([
  [429, 'throttled'],
  [408, 'unavailable'],
  [503, 'unavailable'],
])('HTTP %i of an imported API waits as long as it says, in seconds or by a date', (status, kind) => {
  const answer = (headers: Record<string, string>) => importedFault('Acme', { status, headers, body: '', method: 'GET', path: '/things' })
  expect(answer({ 'retry-after': '7' })).toMatchObject({ kind, retryAfterMs: 7_000 })
  expect(answer({ date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:01:30 GMT' })).toMatchObject({
    kind,
    retryAfterMs: 90_000,
  })
  expect(answer({})?.retryAfterMs).toBeUndefined()
})
