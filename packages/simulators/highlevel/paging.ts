import type { Highlevel } from './context.ts'

/** One page of rows by skip and limit, which travel as strings. Larger limits than the cap are cut (ASSUMED cap, off in strict mode). */
export function pageOf<Row>(
  context: Highlevel,
  rows: readonly Row[],
  page: { skip?: string | number | undefined; limit?: string | number | undefined },
  limitDefault = 10,
): readonly Row[] {
  const skip = Number(page.skip ?? 0)
  const asked = Number(page.limit ?? limitDefault)
  const limit = context.isStrict() ? asked : Math.min(asked, context.setting('pageSizeMax'))
  return rows.slice(skip, skip + limit)
}
