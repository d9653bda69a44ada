import { hash } from 'node:crypto'

/** How reads of one operation become one call. Erased form of the action's own declaration. */
export type BatchRule = {
  key(input: unknown): string
  merge(inputs: readonly unknown[]): unknown
  split(output: unknown, input: unknown): unknown
}

export type BatchedRead = {
  /** Reads that may go together: source, operation and the rule's own key. */
  group: string
  input: unknown
  rule: BatchRule
  /** One call with this input; the output is parsed. */
  call(input: unknown): Promise<unknown>
  /** Whether the operation takes such an input at all (its own bounds). */
  accepts(input: unknown): boolean
}

/** `together`: how many reads the call answered. `isMine`: it was made for this one, and is in its journal. */
export type BatchOutcome = { output: unknown; together: number; isMine: boolean }

export type Batcher = { read(read: BatchedRead): Promise<BatchOutcome> }

type Member = { read: BatchedRead; resolve: (outcome: BatchOutcome) => void; reject: (error: unknown) => void }

const GATHER_MS = 5
const MEMBERS_MAX = 50

/**
 * Reads that come within a moment of each other and that the vendor can answer in one call. When that call fails each read is made by itself,
 * so that one wrong id spoils no one else's answer.
 */
export function createBatcher(): Batcher {
  const gathering = new Map<string, Member[]>()

  const perform = async (members: readonly Member[]): Promise<void> => {
    const [first, ...others] = members
    if (!first) return
    const merged = others.length === 0 ? undefined : first.read.rule.merge(members.map(({ read }) => read.input))
    if (merged === undefined || !first.read.accepts(merged)) return alone(members)
    let output
    try {
      output = await first.read.call(merged)
    } catch (error) {
      if (isForAll(error)) for (const member of members) member.reject(error)
      else await alone(members)
      return
    }
    for (const member of members) {
      try {
        member.resolve({ output: member.read.rule.split(output, member.read.input), together: members.length, isMine: member === first })
      } catch (error) {
        member.reject(error)
      }
    }
  }

  const alone = async (members: readonly Member[]): Promise<void> => {
    await Promise.all(
      members.map((member) =>
        member.read.call(member.read.input).then((output) => member.resolve({ output, together: 1, isMine: true }), member.reject),
      ),
    )
  }

  return {
    read: (read) =>
      new Promise((resolve, reject) => {
        const key = hash('sha256', `${read.group} ${read.rule.key(read.input)}`, 'base64')
        const known = gathering.get(key)
        if (known && known.length < MEMBERS_MAX) {
          known.push({ read, resolve, reject })
          return
        }
        const members = [{ read, resolve, reject }]
        gathering.set(key, members)
        setTimeout(() => {
          if (gathering.get(key) === members) gathering.delete(key)
          void perform(members)
        }, GATHER_MS)
      }),
  }
}

/** Faults that say nothing about the inputs: asking for each one would meet the same. */
const isForAll = (error: unknown): boolean => {
  const kind: unknown = typeof error === 'object' && error !== null && 'kind' in error ? error.kind : undefined
  return kind === 'throttled' || kind === 'unavailable' || kind === 'not-ready' || kind === 'auth-expired' || kind === 'scope-missing'
}
