import { payaca } from '../connector.ts'
import { route } from '../paths.ts'
import { TaxRateListAnswer } from '../schemas/tax-rate.ts'

export const taxRates = payaca.list({
  scopes: [],
  async rows({ http, connection }) {
    const rates = await http({ ...route('tax-rate.list', connection), query: { offset: 0, limit: 100 }, reply: TaxRateListAnswer })
    return rates.map((rate) => ({
      value: rate.id,
      label: rate.name || rate.id,
      ...(rate.percentage === undefined ? {} : { hint: `${rate.percentage} %` }),
    }))
  },
})
