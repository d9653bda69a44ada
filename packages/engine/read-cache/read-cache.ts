import { hash } from 'node:crypto'
import { BoundedMap, canonicalJson, type Clock, type Json } from '@couplet/core'

/** A read as it is known by: two reads with the same key would get the same answer from the vendor. */
export type ReadName = {
  /** Whose view: the connection, or the workspace for Couplet's own reads. */
  source: string
  operation: string
  version: number
  input: unknown
}

/** `called`: asked just now. `shared`: an identical read was under way. `kept`: the answer of an earlier read, so old. */
export type ReadOutcome = { output: Json; how: 'called' } | { output: Json; how: 'shared' } | { output: Json; how: 'kept'; ageMs: number }

export type ReadCache = {
  read(name: ReadName, keepForMs: number, call: () => Promise<Json>): Promise<ReadOutcome>
  /** Something was written through this source: what was read before may not be true any more. */
  forget(source: string): void
}

const ANSWERS_MAX = 2_000
/** Longer answers are not kept: they would fill the memory, and reading them is not what costs. */
const ANSWER_CHARS_MAX = 100_000
const CHARS_MAX = 32_000_000
const SOURCES_MAX = 5_000

/**
 * Answers of reads that declare how long they may be kept, for all flows of this process; and one call for identical reads that are under
 * way at the same time. A fault is shared by those who wait for the call, and never kept.
 */
export function createReadCache(clock: Clock): ReadCache {
  const kept = new Map<string, { output: Json; at: number; chars: number; generation: number }>()
  const underWay = new Map<string, Promise<Json>>()
  /** Counts writes by source. An answer is good only for the generation in which its call began. */
  const generations = new BoundedMap<string, number>(SOURCES_MAX)
  let chars = 0

  const drop = (key: string): void => {
    chars -= kept.get(key)?.chars ?? 0
    kept.delete(key)
  }

  const keep = (key: string, output: Json, generation: number): void => {
    const size = JSON.stringify(output).length
    if (size > ANSWER_CHARS_MAX) return
    drop(key)
    kept.set(key, { output, at: clock.now(), chars: size, generation })
    chars += size
    for (const oldest of kept.keys()) {
      if (kept.size <= ANSWERS_MAX && chars <= CHARS_MAX) break
      drop(oldest)
    }
  }

  return {
    read: async (name, keepForMs, call) => {
      const generation = generations.get(name.source) ?? 0
      const key = keyOf(name)
      const known = kept.get(key)
      if (known) {
        const ageMs = clock.now() - known.at
        if (known.generation === generation && ageMs >= 0 && ageMs < keepForMs) return { output: known.output, how: 'kept', ageMs }
        drop(key)
      }
      const shared = underWay.get(`${generation} ${key}`)
      if (shared) return { output: await shared, how: 'shared' }
      const calling = call()
      underWay.set(`${generation} ${key}`, calling)
      try {
        const output = await calling
        if ((generations.get(name.source) ?? 0) === generation) keep(key, output, generation)
        return { output, how: 'called' }
      } finally {
        underWay.delete(`${generation} ${key}`)
      }
    },
    forget: (source) => {
      generations.set(source, (generations.get(source) ?? 0) + 1)
    },
  }
}

const keyOf = (name: ReadName): string =>
  hash('sha256', `${name.source} ${name.operation}@${name.version} ${canonicalJson(name.input)}`, 'base64')
