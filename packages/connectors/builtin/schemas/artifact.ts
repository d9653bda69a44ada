import type { VendorFact } from '@couplet/connector-sdk'
import { z } from 'zod'

export const PDF = 'application/pdf'

/** Why a published document is looked at from outside before anybody is told of it. */
export const FETCHED_BY_HEYZINE: VendorFact = {
  mark: 'CONFIRMED',
  text: 'Heyzine fetches the document itself and wants exactly application/pdf at an address that does not change.',
}

export const checkAddressField = z.boolean().default(true).meta({ title: 'Check the public address', advanced: true })

export const ArtifactName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/, 'Letters, digits and . _ : / - (200 at most)')
  .meta({
    title: 'Name',
    description: 'The same name keeps the same public address for ever; its content is replaced.',
    placeholder: 'weekly-report/leeds',
  })

export const published = {
  url: z.string().meta({ title: 'Public address' }),
  sha256: z.string().meta({ title: 'Hash of the content' }),
  changed: z.boolean().meta({ title: 'Content changed', description: 'No: the same bytes as before.' }),
}

export const samplePublished = { url: 'https://couplet.example.com/a/7f3k9/report.pdf', sha256: 'c0ffee'.padEnd(64, '0'), changed: true }
