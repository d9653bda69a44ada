import { payaca } from '../connector.ts'
import { route } from '../paths.ts'
import { CustomerListAnswer, toCustomer } from '../schemas/customer.ts'

const PAGE_SIZE = 100
const PAGES_MAX = 10

/** Up to 1,000 customers, by name. */
export const customers = payaca.list({
  scopes: [],
  async rows({ http, connection }) {
    const seen = new Map<string, { value: string; label: string; hint: string }>()
    for (let page = 0; page < PAGES_MAX; page++) {
      const before = seen.size
      const replies = await http({
        ...route('customer.list', connection),
        query: { offset: page * PAGE_SIZE, limit: PAGE_SIZE },
        reply: CustomerListAnswer,
      })
      for (const customer of replies.map(toCustomer))
        seen.set(customer.id, { value: customer.id, label: customer.name || customer.id, hint: customer.email })
      if (replies.length < PAGE_SIZE || seen.size === before) break
    }
    return [...seen.values()].toSorted((one, other) => one.label.localeCompare(other.label))
  },
})
