/*
 * Writes docs/catalogue.md: everything Couplet offers, in numbers.
 *
 *   node scripts/catalogue-page.ts
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cataloguePage, catalogueReport } from '@couplet/server'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'catalogue.md'), cataloguePage(catalogueReport()))
