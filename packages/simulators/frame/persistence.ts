import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The saved state, or `undefined` when there is none or it cannot be read (the sandbox then starts from its sample data). */
export function loadSnapshot<State>(file: string): State | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as State
  } catch {
    return undefined
  }
}

/** Saves the state at most every 200 ms, by writing beside the file and renaming: a kill never leaves half a file. */
export function snapshotWriter<State>(file: string, state: () => State): { schedule(): void; flush(): void } {
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.new`, JSON.stringify(state()))
    renameSync(`${file}.new`, file)
  }
  return {
    schedule: () => {
      timer ??= setTimeout(flush, 200)
    },
    flush: () => {
      if (timer) flush()
    },
  }
}
