import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The saved state, or `undefined` when there is none or it cannot be read (the sandbox then starts from its sample data). */
export function loadSnapshot(file: string): unknown {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Saves the state at most every 200 ms, by writing beside the file and renaming: a kill never leaves half a file.
 * `close` saves what is pending and ignores later changes, so that work still in flight cannot overwrite a successor's file.
 */
export function snapshotWriter(file: string, state: () => unknown): { schedule(): void; close(): void } {
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state()))
    renameSync(`${file}.new`, file)
  }
  return {
    schedule: () => {
      if (!isClosed) timer ??= setTimeout(save, 200)
    },
    close: () => {
      if (timer) save()
      isClosed = true
    },
  }
}
