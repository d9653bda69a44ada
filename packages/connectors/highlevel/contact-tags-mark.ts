import { echoMark } from '@couplet/connector-sdk'

/** Mark of all tags of a contact, in one order and case. */
export const contactTagsMark = (locationId: string, contactId: string, tags: readonly string[]): string =>
  echoMark(`hl.contact:${locationId}:${contactId}`, 'tags', tags.map((tag) => tag.trim().toLowerCase()).toSorted())
