import { Worker } from 'node:worker_threads'
import { Fault, type FaultFacts, toFault, userFault } from '@couplet/core'
import type { ImportedApi } from './facts.ts'
import type { ReadOptions } from './read-api.ts'

const TIMEOUT_MS = 60_000
const MEMORY_MB_MAX = 1_024

export type Answer = { api: ImportedApi } | { fault: FaultFacts }

const tooMuch = (): Fault =>
  userFault({
    code: 'import.too_much',
    message: 'The file takes more memory or time than an import may.',
    hint: 'Import a part of it, or ask the vendor for a smaller file.',
  })

/**
 * `readApi` in a thread of its own, so that a large or hostile file neither holds up the process nor takes its memory. Throws what `readApi` throws,
 * and `import.too_much`.
 */
export async function readApiApart(text: string, options: ReadOptions = {}): Promise<ImportedApi> {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), {
    workerData: { text, options },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    env: {},
  })
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const timer = setTimeout(() => reject(tooMuch()), TIMEOUT_MS)
  worker.once('message', (answer: Answer) => resolve(answer))
  worker.once('error', (error: Error & { code?: string }) => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch() : toFault(error)))
  worker.once('exit', () => reject(tooMuch()))
  try {
    const answer = await promise
    if ('fault' in answer) throw new Fault(answer.fault)
    return answer.api
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
