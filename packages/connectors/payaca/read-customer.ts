import type { Http } from '@couplet/connector-sdk'
import { route } from './paths.ts'
import { type Customer, CustomerAnswer, toCustomer } from './schemas/customer.ts'

type Paths = { pathOverrides?: Record<string, string> | undefined }

/** One customer. Throws a `not-found` fault when Payaca does not know the id. */
export const readCustomer = async (http: Http, connection: Paths, id: string): Promise<Customer> =>
  toCustomer(await http({ ...route('customer.get', connection, { id }), reply: CustomerAnswer }))
