import type { OperationSummary } from '@couplet/api'
import { describe, expect, test } from 'vitest'
import { findOperations, indexOf } from './find-operations.ts'

const operation = (id: string, parts: Partial<OperationSummary> = {}): OperationSummary => ({
  id,
  version: 1,
  kind: 'action',
  connector: 'highlevel',
  title: id,
  summary: '',
  group: 'Contacts',
  effect: 'read',
  scopes: [],
  wires: [],
  needsConnection: true,
  isDeprecated: false,
  ...parts,
})
const ids = (found: readonly OperationSummary[]) => found.map(({ id }) => id)
const index = indexOf(
  [
    operation('a', { title: 'List contacts', address: 'GET /contacts/', scopes: ['contacts.readonly'] }),
    operation('b', { title: 'Create a contact', effect: 'never', scopes: ['contacts.write'] }),
    operation('c', { title: 'Set tags', summary: 'Sets the tags of a contact.', effect: 'harmless', group: 'Tags' }),
    operation('d', { title: 'Contact created', kind: 'trigger', wires: ['webhook', 'poll'] }),
    operation('e', { title: 'List contacts', isDeprecated: true }),
    operation('f', { title: 'Set tags of a flipbook', connector: 'heyzine', effect: 'harmless', group: 'Flipbooks' }),
  ],
  (connector) => (connector === 'heyzine' ? 'Heyzine' : 'HighLevel'),
)

describe('the search of the catalogue', () => {
  test('puts the title before the description, and what is in use before what is outdated', () => {
    expect(ids(findOperations(index, { search: 'list contacts' }))).toEqual(['a', 'e'])
    expect(ids(findOperations(index, { search: 'contact created' }))).toEqual(['d'])
    expect(ids(findOperations(index, { search: 'contact' }))).toEqual(['d', 'a', 'b', 'e', 'c'])
  })
  test('knows vendors, paths, permissions and ids', () => {
    expect(ids(findOperations(index, { search: 'heyzine tags' }))).toEqual(['f'])
    expect(ids(findOperations(index, { search: '/contacts/' }))).toEqual(['a'])
    expect(ids(findOperations(index, { search: 'contacts.write' }))).toEqual(['b'])
  })
  test('narrows by what it does, module, connector, permission and kind of trigger', () => {
    expect(ids(findOperations(index, { does: 'write' }))).toEqual(['b', 'c', 'f'])
    expect(ids(findOperations(index, { does: 'read', connector: 'highlevel' }))).toEqual(['a', 'e'])
    expect(ids(findOperations(index, { does: 'poll' }))).toEqual(['d'])
    expect(ids(findOperations(index, { does: 'schedule' }))).toEqual([])
    expect(ids(findOperations(index, { module: 'Tags' }))).toEqual(['c'])
    expect(ids(findOperations(index, { scope: 'contacts.readonly' }))).toEqual(['a'])
  })
  test('takes under 50 ms of work over 1,300 operations', () => {
    const many = Array.from({ length: 1_300 }, (_, at) =>
      operation(`vendor.module-${at % 40}.operation-${at}`, {
        title: `${['List', 'Create', 'Change', 'Delete'][at % 4]} the records of kind ${at}`,
        summary: 'Does something with a record in HighLevel. It is not sent a second time without a person.',
        address: `POST /module-${at % 40}/{id}/records/${at}`,
      }),
    )
    const before = process.cpuUsage()
    const whole = indexOf(many, (connector) => connector)
    for (const typed of ['c', 'cr', 'create', 'create records', 'nothing at all', 'module-7']) findOperations(whole, { search: typed })
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000 / 6).toBeLessThan(50)
  })
})
