import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { TaxRate, TaxRateListAnswer } from '../schemas/tax-rate.ts'

const PAGE_SIZE = 100
const PAGES_MAX = 10

export const taxRateList = payaca.action({
  id: 'payaca.tax-rate.list',
  version: 1,
  title: 'List tax rates',
  summary: 'Reads the tax rates of the account.',
  phrase: 'list the tax rates in {connection}',
  group: 'Settings',
  address: addressOf('tax-rate.list'),
  facts: [
    pathFact('tax-rate.list'),
    { mark: 'CONFIRMED', text: 'Paged by offset and limit, 100 at most.' },
    { mark: 'ASSUMED', text: 'What a tax rate looks like.' },
  ],
  scopes: [],
  input: z.object({}),
  output: z.object({ taxRates: z.array(TaxRate).meta({ title: 'Tax rates' }), count: z.int().meta({ title: 'Number of tax rates' }) }),
  samples: [{ taxRates: [{ id: 't1', name: 'VAT 20%', percentage: 20 }], count: 1 }],
  effect: { kind: 'read' },
  cacheFor: '1 h',
  async run({ connection, http }) {
    const seen = new Map<string, z.output<typeof TaxRate>>()
    for (let page = 0; page < PAGES_MAX; page++) {
      const before = seen.size
      const rates = await http({
        ...route('tax-rate.list', connection),
        query: { offset: page * PAGE_SIZE, limit: PAGE_SIZE },
        reply: TaxRateListAnswer,
      })
      for (const rate of rates) seen.set(rate.id, rate)
      if (rates.length < PAGE_SIZE || seen.size === before) break
    }
    return { taxRates: [...seen.values()], count: seen.size }
  },
})
