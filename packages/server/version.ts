import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson, readPath } from '@couplet/core'

/** Root of the repository: where templates and the web page are. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** The release, as the package says. */
export const VERSION: string = (() => {
  const version = readPath(parseJson(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')), ['version'])
  return typeof version === 'string' ? version : '0.0.0'
})()
