import { hash, seededSource, shortId } from '../ids.ts'
import type { Contact, LocationTag } from '../state.ts'
import type { Place } from './planner.ts'

const DAY_MS = 86_400_000
const NAMES = [
  'Alice Rowan',
  'Ben Okafor',
  'Carla Méndez',
  'Dev Patel',
  'Erin Walsh',
  'Farid Haddad',
  'Grace Lindqvist',
  'Hugo Brandt',
  'Ivy Chen',
  'Jack Thornton',
  'Kirsty Doyle',
  'Liam Adeyemi',
  'Mina Sato',
  'Noah Whitaker',
  'Olga Petrova',
  'Paul Fenwick',
  'Quinn Harper',
  'Rosa Iglesias',
  'Sam Ferreira',
  'Tess Nolan',
  'Uma Krishnan',
  'Victor Hale',
  'Wendy Marsh',
  'Yusuf Demir',
  'Zoe Carter',
] as const
const PER_PLACE = 9

export const locationTagsOf = ({ locationId, words }: Place): LocationTag[] => {
  const source = seededSource(`location tags:${locationId}`)
  return words.contactTags.slice(0, 4).map((name) => ({ id: shortId(source), name, locationId }))
}

/** Contacts of a place: the `index`-th share of the names. */
export function contactsOf({ locationId, words }: Place, index: number, now: number): Contact[] {
  const source = seededSource(`contacts:${locationId}`)
  return NAMES.slice(index * PER_PLACE, (index + 1) * PER_PLACE).map((name, at): Contact => {
    const [firstName = '', lastName = ''] = name.split(' ')
    const dateAdded = new Date(now - (50 - at * 5) * DAY_MS).toISOString()
    const tag = words.contactTags[at % words.contactTags.length]
    return {
      id: shortId(source),
      locationId,
      firstName,
      lastName,
      email: `${firstName}.${lastName}@example.com`
        .toLowerCase()
        .normalize('NFD')
        .replaceAll(/[^\w.@]/g, ''),
      phone: `+4477009${String(hash(name) % 100_000).padStart(5, '0')}`,
      tags: tag === undefined ? [] : [tag],
      customFields: [],
      dnd: false,
      dateAdded,
      dateUpdated: dateAdded,
      more: { source: at % 2 === 0 ? 'website form' : 'phone', type: 'lead' },
    }
  })
}
