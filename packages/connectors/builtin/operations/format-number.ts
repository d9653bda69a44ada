import { z } from 'zod'
import { builtin } from '../connector.ts'
import { Locale } from '../schemas/zone.ts'

/** A number, or text that is one (`1,234.5` with thousands separators is not: which sign is which depends on the country). */
const Amount = z
  .union([z.number(), z.string().regex(/^\s*-?\d+(\.\d+)?\s*$/, 'Not a number')])
  .transform(Number)
  .meta({ title: 'Number' })

export const formatNumber = builtin.action({
  id: 'builtin.format.number',
  version: 1,
  title: 'Format a number',
  summary: 'Writes a number for people: with separators, as an amount of money, in per cent, or short (1.2K).',
  phrase: 'format a number',
  group: 'Text',
  scopes: [],
  input: z
    .object({
      value: Amount,
      style: z
        .enum(['plain', 'percent', 'money', 'short'])
        .default('plain')
        .meta({ title: 'Form', description: 'percent: 12 is written 12%' }),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'Three capital letters, like GBP')
        .optional()
        .meta({ title: 'Currency', placeholder: 'GBP' }),
      decimals: z.int().min(0).max(10).optional().meta({ title: 'Decimals' }),
      locale: Locale,
    })
    .refine((input) => input.style !== 'money' || input.currency !== undefined, { path: ['currency'], message: 'Money needs a currency' }),
  output: z.object({ text: z.string().meta({ title: 'Text' }), value: z.number().meta({ title: 'Number' }) }),
  samples: [{ text: '1,234.5', value: 1234.5 }],
  rejects: [
    { input: { value: 'many' }, because: 'not a number' },
    { input: { value: 4, style: 'money' }, because: 'which money is not said' },
  ],
  effect: { kind: 'read' },
  run({ input }) {
    const decimals = input.decimals === undefined ? {} : { minimumFractionDigits: input.decimals, maximumFractionDigits: input.decimals }
    const style: Intl.NumberFormatOptions =
      input.style === 'money'
        ? { style: 'currency', currency: input.currency ?? 'GBP' }
        : input.style === 'percent'
          ? { style: 'percent', maximumFractionDigits: 2 }
          : input.style === 'short'
            ? { notation: 'compact' }
            : {}
    const text = new Intl.NumberFormat(input.locale, { ...style, ...decimals }).format(
      input.style === 'percent' ? input.value / 100 : input.value,
    )
    return Promise.resolve({ text, value: input.value })
  },
})
