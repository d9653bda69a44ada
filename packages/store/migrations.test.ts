import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/*
 * Old and new processes work side by side while an upgrade is under way (docs/running-several-workers.md), so what a running release uses stays as
 * it is: migrations add. The first three files are the first release.
 */

const FOLDER = join(import.meta.dirname, 'migrations')
const FIRST_RELEASE = 3

/** What would pull something out from under a running process. Constraints may be dropped (to be widened); columns may get another default. */
const TAKES_AWAY = [
  /\bdrop\s+(table|column|view|function|type)\b/,
  /\brename\b/,
  /\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/,
  /\balter\s+column\s+\S+\s+set\s+not\s+null\b/,
  /(^|;) ?truncate\b/,
  /\badd\s+column\b(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/,
]

const statements = (sql: string): string => sql.replaceAll(/--.*$/gm, '').replaceAll(/\s+/g, ' ').toLowerCase()
const takenAway = (sql: string): string[] => TAKES_AWAY.flatMap((pattern) => pattern.exec(statements(sql))?.[0] ?? [])

describe('a migration takes nothing away that a running release uses', () => {
  const files = readdirSync(FOLDER).filter((name) => Number(name.slice(0, 4)) > FIRST_RELEASE)

  test.each(files)('%s', (name) => {
    expect(takenAway(readFileSync(join(FOLDER, name), 'utf8'))).toEqual([])
  })

  test('and would be found out', () => {
    expect(takenAway('alter table runs drop column fact;')).toHaveLength(1)
    expect(takenAway('alter table runs rename column fact to event;')).toHaveLength(1)
    expect(takenAway('alter table runs\n  alter column seq type bigint;')).toHaveLength(1)
    expect(takenAway('alter table runs add column colour text not null;')).toHaveLength(1)
    expect(takenAway("alter table runs add column colour text not null default 'red', add column size int; -- drop table runs")).toEqual([])
  })
})
