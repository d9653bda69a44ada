import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { systemClock } from '@couplet/core'
import type { BucketName } from '@couplet/store'
import { expect, test } from 'vitest'
import { eventually } from '../test-support/engine-world.ts'
import { createGovernor } from './governor.ts'
import { memoryLedger } from './ledger.ts'
import { limitedConnector } from './test-limited-connector.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

test('a bucket that was dropped for others leaves nothing in memory', async () => {
  const told: WeakRef<BucketName>[] = []
  await using governor = createGovernor({
    clock: systemClock,
    ledger: {
      // Only copies are kept here: who still holds the name is the bucket.
      sync: (name, kind, message) => {
        told.push(new WeakRef(name))
        return memoryLedger(systemClock).sync({ ...name }, kind, message)
      },
      gauges: () => Promise.resolve([]),
    },
    onPutOff: () => undefined,
    onError: () => undefined,
    // The last account's two.
    bucketsMax: 2,
  })
  const { signal } = new AbortController()
  for (let i = 0; i < 10; i++) {
    const permit = await governor.acquire({
      spec: limitedConnector.spec,
      account: `account ${i}`,
      holder: 'h',
      flow: 'f',
      lane: 0,
      waitMaxMs: 0,
      signal,
    })
    permit.end()
  }
  const held = () => new Set(told.flatMap((name) => name.deref()?.account ?? []))
  expect(held().size).toBeGreaterThan(1)
  await eventually('the others are gone', async () => {
    collectGarbage()
    return held().size === 1 || undefined
  })
  expect([...held()]).toEqual(['account 9'])
})
