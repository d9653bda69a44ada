/*
 * Compares the committed catalogue with the vendor's OpenAPI files and says what was added, removed or changed. Exit code 1 when anything was.
 *
 *   node scripts/highlevel-catalogue-drift.ts <folder of the vendor's files>
 */
import { driftBetween, driftLines } from './highlevel-catalogue-compare.ts'
import { committedCatalogue } from './highlevel-catalogue-files.ts'
import { readCatalogue } from './highlevel-catalogue-read.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write("Give the folder of the vendor's files.\n")
  process.exit(2)
}

const drift = driftBetween(committedCatalogue(), readCatalogue(folder))
process.stdout.write(`${driftLines(drift).join('\n')}\n`)
if (drift.added.length + drift.removed.length + drift.changed.length > 0) process.exitCode = 1
