import { z } from 'zod'
import { rowsOf } from './rows.ts'

export const TaxRate = z
  .object({
    id: z.string().meta({ title: 'Tax rate id' }),
    name: z.string().meta({ title: 'Name' }),
    percentage: z.number().optional().meta({ title: 'Per cent' }),
  })
  .meta({ title: 'Tax rate' })

const text = z.string().nullish().catch(undefined)
const number = z.coerce.number().nullish().catch(undefined)
/** The content of the answer is not documented (ASSUMED): the usual names are tried. */
const Reply = z.looseObject({ id: z.string().min(1), name: text, title: text, label: text, percentage: number, rate: number })

export const TaxRateListAnswer = z.unknown().transform((body): z.output<typeof TaxRate>[] =>
  rowsOf(body, 'taxRates').flatMap((row) => {
    const parsed = Reply.safeParse(row)
    if (!parsed.success) return []
    const { id, name, title, label, percentage, rate } = parsed.data
    return [{ id, name: name ?? title ?? label ?? '', percentage: percentage ?? rate ?? undefined }]
  }),
)
