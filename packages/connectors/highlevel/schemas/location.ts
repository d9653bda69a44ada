import { z } from 'zod'
import { listOf, maybe, maybeText } from './lenient.ts'

export const Location = z
  .object({
    id: z.string().meta({ title: 'Location id' }),
    name: z.string().meta({ title: 'Name' }),
    companyId: z.string().optional().meta({ title: 'Agency id' }),
    timezone: z.string().optional().meta({ title: 'Time zone' }),
    email: z.string().optional().meta({ title: 'E-mail' }),
    phone: z.string().optional().meta({ title: 'Phone' }),
    website: z.string().optional().meta({ title: 'Website' }),
    address: z.string().optional().meta({ title: 'Street' }),
    city: z.string().optional().meta({ title: 'City' }),
    state: z.string().optional().meta({ title: 'State' }),
    postalCode: z.string().optional().meta({ title: 'Postal code' }),
    country: z.string().optional().meta({ title: 'Country' }),
  })
  .meta({ title: 'Sub-account' })
export type Location = z.output<typeof Location>

const LocationItem = z
  .looseObject({
    id: maybeText,
    _id: maybeText,
    name: maybeText,
    companyId: maybeText,
    timezone: maybeText,
    email: maybeText,
    phone: maybeText,
    website: maybeText,
    address: maybeText,
    city: maybeText,
    state: maybeText,
    postalCode: maybeText,
    country: maybeText,
  })
  .transform((item): Location => ({
    id: item.id ?? item['_id'] ?? '',
    name: item.name ?? '',
    companyId: item.companyId,
    timezone: item.timezone,
    email: item.email,
    phone: item.phone,
    website: item.website,
    address: item.address,
    city: item.city,
    state: item.state,
    postalCode: item.postalCode,
    country: item.country,
  }))

/** These answers have no envelope (CONFIRMED). */
export const LocationReply = z.looseObject({ location: maybe(LocationItem) }).transform((reply) => reply.location)
export const LocationsReply = z.looseObject({ locations: listOf(LocationItem) })

export const locationSample: Location = {
  id: 'LocNorthgateSolar001',
  name: 'Northgate Solar',
  companyId: 'CmpBrightAgency01',
  timezone: 'Europe/London',
  email: 'office@northgate.example',
  city: 'Leeds',
  country: 'GB',
}
