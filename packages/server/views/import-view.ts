import type { ImportView } from '@couplet/api'
import type { ImportedApiRow } from '@couplet/store'
import { z } from 'zod'
import { LeftOut } from '../importer/facts.ts'
import { iso } from './common.ts'

const Source = z.object({
  name: z.string().default(''),
  version: z.string().default(''),
  bytes: z.number().default(0),
  leftOut: z.array(LeftOut).default([]),
})

/** An imported connector for screens. */
export const importView = (row: ImportedApiRow, operationCount: number): ImportView => ({
  id: row.id,
  title: row.title,
  extends: row.extends,
  servers: [...row.servers],
  signIn: { kind: 'none', ...row.signIn },
  source: Source.parse(row.source),
  operationCount,
  importedAt: iso(row.importedAt),
})
