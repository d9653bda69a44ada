import { z } from 'zod'

/**
 * A backup is a gzip of lines: a header, then for each table a line that names it and one line for each row (as JSON, exactly as PostgreSQL
 * writes it), the waiting jobs of the queue, and an end with a hash over all lines before it. It holds whole data: runs, journals, published files,
 * sealed secrets. It does not hold the key that opens the secrets.
 */
export const BackupHeader = z.object({
  couplet: z.literal('backup'),
  format: z.literal(1),
  release: z.string(),
  createdAt: z.iso.datetime(),
  /** Number of the newest schema change in it. */
  schema: z.int().min(1),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** Ids of the keys that its secrets are sealed with. */
  keyIds: z.array(z.string()),
})
export type BackupHeader = z.output<typeof BackupHeader>

export const BackupJob = z.object({
  identifier: z.string(),
  payload: z.json(),
  queue: z.string().nullable(),
  runAt: z.string(),
  attemptsMax: z.int(),
  key: z.string().nullable(),
  priority: z.int(),
})

export const BackupLine = z.union([
  z.object({ table: z.string() }),
  z.object({ jobs: z.literal(true) }),
  z.object({ end: z.literal(true), rows: z.int(), sha256: z.string() }),
])

/** Says nothing about the past: who worked when the backup was made. */
export const TABLES_LEFT_OUT = ['couplet_migrations', 'workers'] as const
