import { expect, test } from 'vitest'
import { createFailpoints } from './failpoints.ts'

test('a failpoint acts once, when its place is passed for the given time', async () => {
  const acts: string[] = []
  const failpoint = createFailpoints('after-send:2=note,before-end=note', { note: () => void acts.push('noted') })
  await failpoint('after-send')
  expect(acts).toHaveLength(0)
  await failpoint('after-send')
  expect(acts).toHaveLength(1)
  await failpoint('after-send')
  await failpoint('before-end')
  await failpoint('before-end')
  expect(acts).toHaveLength(2)
})

test('places and actions that do not exist are refused, so that no test waits for them in vain', () => {
  for (const spec of ['after-sent=kill', 'after-send=explode', 'after-send:0=kill', 'after-send'])
    expect(() => createFailpoints(spec)).toThrow('is not a failpoint with an action')
})
