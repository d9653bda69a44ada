/*
 * Writes the catalogue of HighLevel's operations from the vendor's OpenAPI files, for the connector and, apart from it, for the simulator: facts only,
 * no words of the vendor.
 *
 *   node scripts/highlevel-catalogue.ts <folder of the vendor's files>
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueTexts, DATA } from './highlevel-catalogue-files.ts'
import { readCatalogue } from './highlevel-catalogue-read.ts'
import { EVENTS_DATA, eventTexts } from './highlevel-event-facts.ts'
import { SERVED, servedTexts } from './highlevel-simulator-facts.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write("Give the folder of the vendor's files.\n")
  process.exit(2)
}

/** Writes the files and removes those that are no longer among them; answers how many bytes there are. */
function write(target: string, texts: ReadonlyMap<string, string>): number {
  mkdirSync(target, { recursive: true })
  for (const file of readdirSync(target)) if (file.endsWith('.json') && !texts.has(file)) rmSync(join(target, file))
  for (const [file, text] of texts) writeFileSync(join(target, file), text)
  return [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

const files = readCatalogue(folder)
const bytes = write(DATA, catalogueTexts(files))
write(EVENTS_DATA, eventTexts(folder))
const servedBytes = write(SERVED, servedTexts(files, folder))
const count = [...files.values()].reduce((sum, { operations }) => sum + operations.length, 0)
process.stdout.write(
  `${count} operations in ${files.size} files, ${Math.round(bytes / 1024)} KB; simulator ${Math.round(servedBytes / 1024)} KB\n`,
)
