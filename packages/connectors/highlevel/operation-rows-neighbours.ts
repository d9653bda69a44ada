import type { OperationRow } from './operation-row.ts'

const FILES = 'It takes a file. Use the action made for it.'

/** Operations beside the Social Planner that flows need: sub-accounts, people, media, tags, contacts (CONFIRMED). */
export const NEIGHBOUR_ROWS: readonly OperationRow[] = [
  { id: 'get-location', title: 'Read the sub-account', method: 'GET', path: '/locations/{locationId}', version: '2021-07-28', scopes: ['locations.readonly'], paging: 'none', effect: 'read' },
  { id: 'search-locations', title: 'Find sub-accounts', method: 'GET', path: '/locations/search', version: '2021-07-28', scopes: ['locations.readonly'], paging: 'skip and limit as text', effect: 'read' },
  { id: 'search-users', title: 'Find people', method: 'GET', path: '/users/search', version: '2021-07-28', scopes: ['users.readonly'], paging: 'skip and limit as text', effect: 'read' },
  { id: 'get-user-by-location', title: 'List the people of the sub-account', method: 'GET', path: '/users/', version: '2021-07-28', scopes: ['users.readonly'], paging: 'none', effect: 'read', locationIn: 'query' },
  { id: 'upload-media-content', title: 'Add a file to the media library', method: 'POST', path: '/medias/upload-file', version: '2021-07-28', scopes: ['medias.write'], paging: 'none', effect: 'look-up', blocked: FILES },
  { id: 'fetch-media-content', title: 'List files of the media library', method: 'GET', path: '/medias/files', version: '2021-07-28', scopes: ['medias.readonly'], paging: 'offset and limit as text', effect: 'read', locationIn: 'altId' },
  { id: 'get-location-tags', title: 'List location tags', method: 'GET', path: '/locations/{locationId}/tags', version: '2021-07-28', scopes: ['locations/tags.readonly'], paging: 'none', effect: 'read' },
  { id: 'create-tag', title: 'Create a location tag', method: 'POST', path: '/locations/{locationId}/tags', version: '2021-07-28', scopes: ['locations/tags.write'], paging: 'none', effect: 'look-up' },
  { id: 'get-tag-by-id', title: 'Read a location tag', method: 'GET', path: '/locations/{locationId}/tags/{tagId}', version: '2021-07-28', scopes: ['locations/tags.readonly'], paging: 'none', effect: 'read' },
  { id: 'update-tag', title: 'Rename a location tag', method: 'PUT', path: '/locations/{locationId}/tags/{tagId}', version: '2021-07-28', scopes: ['locations/tags.write'], paging: 'none', effect: 'harmless' },
  { id: 'delete-tag', title: 'Delete a location tag', method: 'DELETE', path: '/locations/{locationId}/tags/{tagId}', version: '2021-07-28', scopes: ['locations/tags.write'], paging: 'none', effect: 'never' },
  { id: 'add-tags', title: 'Add tags to a contact', method: 'POST', path: '/contacts/{contactId}/tags', version: '2021-07-28', scopes: ['contacts.write'], paging: 'none', effect: 'harmless' },
  { id: 'remove-tags', title: 'Remove tags from a contact', method: 'DELETE', path: '/contacts/{contactId}/tags', version: '2021-07-28', scopes: ['contacts.write'], paging: 'none', effect: 'harmless' },
  { id: 'get-contact', title: 'Read a contact', method: 'GET', path: '/contacts/{contactId}', version: '2021-07-28', scopes: ['contacts.readonly'], paging: 'none', effect: 'read' },
  { id: 'search-contacts-advanced', title: 'Find contacts', method: 'POST', path: '/contacts/search', version: '2021-07-28', scopes: ['contacts.readonly'], paging: 'page and searchAfter', effect: 'read', locationIn: 'body' },
  { id: 'get-duplicate-contact', title: 'Find a contact by e-mail or phone', method: 'GET', path: '/contacts/search/duplicate', version: '2021-07-28', scopes: ['contacts.readonly'], paging: 'none', effect: 'read', locationIn: 'query' },
  { id: 'create-contact', title: 'Create a contact', method: 'POST', path: '/contacts/', version: '2021-07-28', scopes: ['contacts.write'], paging: 'none', effect: 'look-up', locationIn: 'body' },
  { id: 'upsert-contact', title: 'Create or update a contact', method: 'POST', path: '/contacts/upsert', version: '2021-07-28', scopes: ['contacts.write'], paging: 'none', effect: 'harmless', locationIn: 'body' },
  { id: 'update-contact', title: 'Update a contact', method: 'PUT', path: '/contacts/{contactId}', version: '2021-07-28', scopes: ['contacts.write'], paging: 'none', effect: 'harmless' },
]
