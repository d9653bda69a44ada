import { keptContacts } from './kept-contacts.ts'
import { keptMedias } from './kept-medias.ts'
import { keptPeople } from './kept-people.ts'
import type { Kept } from './kept-row.ts'

/** Operations that work on rows of the state, by id. */
export const KEPT: Readonly<Record<string, Kept>> = { ...keptContacts, ...keptMedias, ...keptPeople }
