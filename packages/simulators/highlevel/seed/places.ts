import { HIGHLEVEL_SAMPLE as sample } from '../credentials.ts'
import type { Company, Location, User } from '../state.ts'

const { companyId, locations } = sample

export const companies = (): Company[] => [{ id: companyId, name: 'Northlight Marketing', planId: '66c0ffee0000000000000001' }]

const place = (location: Omit<Location, 'companyId' | 'isActive'>): Location => ({ ...location, companyId, isActive: true })

export const places = (): Location[] => [
  place({
    id: locations.plumber.id,
    name: 'Hartley & Sons Plumbing',
    email: 'office@hartleyplumbing.example',
    phone: '+441134960101',
    address: '18 Foundry Street',
    city: 'Leeds',
    state: 'West Yorkshire',
    country: 'GB',
    postalCode: 'LS11 5QP',
    website: 'https://hartleyplumbing.example',
    timezone: 'Europe/London',
  }),
  place({
    id: locations.dentist.id,
    name: 'Bright Smile Dental',
    email: 'hello@brightsmile.example',
    phone: '+15125550144',
    address: '2200 Barton Springs Road',
    city: 'Austin',
    state: 'TX',
    country: 'US',
    postalCode: '78704',
    website: 'https://brightsmile.example',
    timezone: 'America/Chicago',
  }),
  place({
    id: locations.gardenCentre.id,
    name: 'Willow Brook Garden Centre',
    email: 'team@willowbrook.example',
    phone: '+441392960177',
    address: 'Topsham Road',
    city: 'Exeter',
    state: 'Devon',
    country: 'GB',
    postalCode: 'EX2 7DU',
    website: 'https://willowbrook.example',
    timezone: 'Europe/London',
  }),
]

const person = (id: string, firstName: string, lastName: string, locationIds: string[], more: Pick<User, 'role' | 'type'>): User => ({
  id,
  companyId,
  locationIds,
  name: `${firstName} ${lastName}`,
  firstName,
  lastName,
  email: `${firstName}.${lastName}@northlight.example`.toLowerCase(),
  phone: '+441134960100',
  deleted: false,
  ...more,
})

export const people = (): User[] => [
  person('uD8fMq2ZxLr6VbTn4HsK', 'Priya', 'Nair', [], { role: 'admin', type: 'agency' }),
  person('uJ3kWy9BtCv5PeXg7NdR', 'Tom', 'Ashworth', [], { role: 'user', type: 'agency' }),
  person('uA6hQz1SmFj8KoUe2GwY', 'Ellie', 'Hartley', [locations.plumber.id], { role: 'admin', type: 'account' }),
  person('uN4rBx7LcDt9MiVp3ZaF', 'Marcus', 'Reid', [locations.dentist.id], { role: 'admin', type: 'account' }),
  person('uC5sTg2RnEw8JyHu6QkL', 'Sofia', 'Delgado', [locations.dentist.id], { role: 'user', type: 'account' }),
  person('uP9vKm4XbGo3WzSd7CfT', 'Jonah', 'Pell', [locations.gardenCentre.id], { role: 'admin', type: 'account' }),
]
