import { bug } from '@couplet/core'
import type { Failpoint } from './parts.ts'

/** Every place where a crash could lose or repeat something: before and after each commit, and around each request that leaves. */
export const FAILPOINTS = [
  'accept-begin',
  'accept-committed',
  'before-commit',
  'after-commit',
  'after-intent',
  'before-send',
  'after-send',
  'before-end',
  'poll-before-finish',
  'poll-after-finish',
  'before-job-end',
  'before-rest',
  'after-rest',
  'before-wake',
  'after-wake',
  'before-answer',
  'after-answer',
  'before-replay',
  'after-replay',
  'token-rotated',
] as const

export type FailpointActions = Readonly<Record<string, () => Promise<void> | void>>

/** The process is gone before another line of it runs. */
const kill = (): Promise<void> => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => undefined)
}

/**
 * Failpoints from a text such as `after-send:3=kill,accept-begin:1=stop-database`: when the named place is passed for the n-th time
 * (from 1; absent: the first), the action is performed, once. `kill` is always there; others are given by the caller. Throws a bug for
 * names or actions that do not exist, so that a test cannot wait for a place nobody passes.
 */
export function createFailpoints(spec: string, actions: FailpointActions = {}): Failpoint {
  const known: FailpointActions = { kill, ...actions }
  const armed = new Map<string, Map<number, () => Promise<void> | void>>()
  for (const entry of spec.split(',').filter((part) => part !== '')) {
    const [, name = '', nth = '1', actionName = ''] = /^([a-z-]+)(?::(\d+))?=([a-z-]+)$/.exec(entry) ?? []
    const action = known[actionName]
    if (!FAILPOINTS.some((place) => place === name) || !action || Number(nth) < 1)
      throw bug(`"${entry}" is not a failpoint with an action.`, { failpoints: FAILPOINTS, actions: Object.keys(known) })
    const atPlace = armed.get(name) ?? new Map<number, () => Promise<void> | void>()
    armed.set(name, atPlace.set(Number(nth), action))
  }
  const passed = new Map<string, number>()
  return (name) => {
    const atPlace = armed.get(name)
    if (!atPlace) return undefined
    const times = (passed.get(name) ?? 0) + 1
    passed.set(name, times)
    return atPlace.get(times)?.()
  }
}
