import { readFileSync } from 'node:fs'
import { bug } from '@couplet/core'

/**
 * JSON that lies beside a connector's code, read when asked and not before: `jsonBeside(new URL('./data/x.json', import.meta.url))`.
 * It blocks for the milliseconds a file of some hundred kilobytes takes; in exchange an operation can be looked up without waiting,
 * wherever that is (decision 6). Only files: a connector reaches nothing else by it.
 */
export function jsonBeside(file: URL): unknown {
  if (file.protocol !== 'file:' || !file.pathname.endsWith('.json')) throw bug(`${file.href} is no JSON file beside a connector`)
  return JSON.parse(readFileSync(file, 'utf8'))
}
