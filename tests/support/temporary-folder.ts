import { readFileSync, statfsSync } from 'node:fs'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IN_MEMORY = '/dev/shm'
const FREE_BYTES_MIN = 2_000_000_000

/**
 * Where tests put databases: in memory where there is plenty and programs may run from it (a third of the time of a disk for the
 * thousand small files of a database), else in the system's temporary folder.
 */
export function temporaryHome(): Promise<string> {
  return realpath(isMemoryFit() ? IN_MEMORY : tmpdir())
}

/** A new folder below `temporaryHome`; the caller removes it. */
export const temporaryFolder = async (prefix: string): Promise<string> => mkdtemp(join(await temporaryHome(), prefix))

function isMemoryFit(): boolean {
  try {
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .findLast((line) => line.split(' ')[1] === IN_MEMORY)
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return mount !== undefined && !mount.includes('noexec') && bavail * bsize > FREE_BYTES_MIN
  } catch {
    return false
  }
}
