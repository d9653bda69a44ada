import { vendor } from '../connector.ts'
import { readLocationTags } from '../reads/location-tags.ts'
import { searchContacts } from '../reads/contacts.ts'
import { readUsers } from '../reads/users.ts'
import { LocationsReply } from '../schemas/location.ts'
import { DATED } from '../version-headers.ts'

export const users = vendor.list({
  scopes: ['users.readonly'],
  rows: async (call) =>
    (await readUsers(call)).map((user) => ({
      value: user.id,
      label: user.name,
      ...(user.email === undefined ? {} : { hint: user.email }),
    })),
})

export const locations = vendor.list({
  scopes: ['locations.readonly'],
  async rows({ http, connection }) {
    const { locations } = await http({
      method: 'GET',
      path: '/locations/search',
      query: { companyId: connection.companyId, skip: '0', limit: '100', order: 'asc' },
      headers: DATED,
      reply: LocationsReply,
    })
    return locations.map((location) => ({
      value: location.id,
      label: location.name,
      ...(location.city === undefined ? {} : { hint: location.city }),
    }))
  },
})

export const locationTags = vendor.list({
  scopes: ['locations/tags.readonly'],
  rows: async (call) => (await readLocationTags(call)).map((tag) => ({ value: tag.id, label: tag.name })),
})

/** `search` in the input, when the screen sends one, narrows the list. */
export const contacts = vendor.list({
  scopes: ['contacts.readonly'],
  async rows(call) {
    const { search } = call.input
    const found = await searchContacts(call, { query: typeof search === 'string' && search !== '' ? search : undefined, limit: 50 })
    return found.contacts.map((contact) => ({
      value: contact.id,
      label: contact.name ?? contact.email ?? contact.id,
      ...(contact.email === undefined ? {} : { hint: contact.email }),
    }))
  },
})
