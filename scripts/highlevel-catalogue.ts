/*
 * Writes the catalogue of HighLevel's operations from the vendor's OpenAPI files: facts only, no words of the vendor.
 *
 *   node scripts/highlevel-catalogue.ts <folder of the vendor's files>
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueTexts, DATA } from './highlevel-catalogue-files.ts'
import { readCatalogue } from './highlevel-catalogue-read.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write("Give the folder of the vendor's files.\n")
  process.exit(2)
}

const files = readCatalogue(folder)
const texts = catalogueTexts(files)
mkdirSync(DATA, { recursive: true })
for (const file of readdirSync(DATA)) if (file.endsWith('.json') && !texts.has(file)) rmSync(join(DATA, file))
let bytes = 0
for (const [file, text] of texts) {
  writeFileSync(join(DATA, file), text)
  bytes += Buffer.byteLength(text)
}
const operations = [...files.values()].reduce((sum, { operations }) => sum + operations.length, 0)
process.stdout.write(`${operations} operations in ${files.size} files, ${Math.round(bytes / 1024)} KB\n`)
