import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bug, type Fault, isJsonObject, userFault } from '@couplet/core'
import { cannotWrite } from './faults.ts'

const SQLITE_BUSY = 5
const SQLITE_CANNOT_OPEN = [8, 14]

/**
 * Takes a folder for this process alone, until disposed of or until the process ends in whatever way.
 * Throws `database.folder_in_use` when another process (or this one) holds it.
 *
 * Why SQLite: Node has no file locks, and SQLite's exclusive transaction is one. The kernel drops it when the process dies,
 * so nothing can go stale. A file with a process id cannot be taken over without a race, and ids repeat in containers.
 */
export function lockFolder(folder: string): Disposable {
  const file = join(folder, 'couplet.lock')
  const holderFile = join(folder, 'couplet.pid')
  let lock: DatabaseSync
  try {
    lock = new DatabaseSync(file, { timeout: 0 })
  } catch (thrown) {
    throw cannotWrite(folder, thrown)
  }
  try {
    lock.exec('begin exclusive')
    writeFileSync(holderFile, `${process.pid}\n`)
  } catch (thrown) {
    lock.close()
    throw lockFault(folder, holderFile, thrown)
  }
  let isHeld = true
  return {
    [Symbol.dispose]() {
      if (!isHeld) return
      isHeld = false
      rmSync(holderFile, { force: true })
      lock.close()
    },
  }
}

function lockFault(folder: string, holderFile: string, thrown: unknown): Fault {
  const code = isJsonObject(thrown) || thrown instanceof Error ? Reflect.get(thrown, 'errcode') : undefined
  if (code === SQLITE_BUSY)
    return userFault(
      {
        code: 'database.folder_in_use',
        message: `Another Couplet${holderOf(holderFile)} already uses the data folder ${folder}.`,
        hint: 'Stop that one first, or give this one its own data folder. Several machines or processes can share one PostgreSQL through DATABASE_URL.',
        details: { folder },
      },
      thrown,
    )
  if (typeof code === 'number' && !SQLITE_CANNOT_OPEN.includes(code))
    return userFault(
      {
        code: 'database.folder_without_locks',
        message: `The file system of ${folder} does not support file locks.`,
        hint: 'Put the data folder on a local disk, or set DATABASE_URL to a PostgreSQL server.',
        details: { folder, code },
      },
      thrown,
    )
  return thrown instanceof Error ? cannotWrite(folder, thrown) : bug('Locking the data folder failed.', { folder })
}

function holderOf(holderFile: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(holderFile, 'utf8'), 10)})`
  } catch {
    return ''
  }
}
