import { parentPort, workerData } from 'node:worker_threads'
import { toFault } from '@couplet/core'
import { readApi, type ReadOptions } from './read-api.ts'
import type { Answer } from './read-apart.ts'

/** Thread of `readApiApart`. */
const { text, options }: { text: string; options: ReadOptions } = workerData
const answer: Answer = await readApi(text, options).then(
  (api) => ({ api }),
  (thrown: unknown) => ({ fault: toFault(thrown).facts }),
)
parentPort?.postMessage(answer, [])
