import { expect, test } from 'vitest'
import { FlowDefinition } from './definition.ts'
import { slotNameFor } from './slot-name.ts'

test('every connector has a slot name a flow may hold, and no two the same', () => {
  expect(['highlevel', 'pet-shop', 'x2-api', 'a'.repeat(40), 'constructor'].map((connector) => slotNameFor(connector))).toEqual([
    'highlevel',
    'petShop',
    'x2Api',
    'a'.repeat(36),
    'account',
  ])
  expect(slotNameFor('pet-shop', new Set(['petShop', 'petShop2']))).toBe('petShop3')
})

test('a flow may use operations of a connector whose id has several words', () => {
  const definition = {
    format: 1,
    name: 'Pets',
    slots: { [slotNameFor('pet-shop')]: { connector: 'pet-shop' } },
    trigger: { operation: 'pet-shop.pets.list-pets-items', version: 1, connection: 'petShop', input: {} },
    steps: [{ kind: 'action', id: 'list', operation: 'pet-shop.pets.list-pets', version: 1, connection: 'petShop', input: {} }],
  }
  expect(FlowDefinition.safeParse(definition).success).toBe(true)
  expect(FlowDefinition.safeParse({ ...definition, slots: { 'pet-shop': { connector: 'pet-shop' } } }).success).toBe(false)
})
