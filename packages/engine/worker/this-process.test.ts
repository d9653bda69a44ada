import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isGone, thisProcess } from './this-process.ts'

test('a living process is not gone; one with its pid but another birth is', () => {
  expect(isGone({ ...thisProcess })).toBe(false)
  expect(isGone({ ...thisProcess, born: 'another' })).toBe(process.platform === 'linux')
})

test('a process that has ended is gone', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  expect(isGone({ ...thisProcess, pid: child.pid ?? 0 })).toBe(true)
})

test('nothing is said about other machines, or about facts of another kind', () => {
  expect(isGone({ ...thisProcess, pid: 999_999_999, machine: 'elsewhere' })).toBe(false)
  expect(isGone({})).toBe(false)
  expect(isGone(null)).toBe(false)
})
