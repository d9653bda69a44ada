import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { CustomField, FieldListAnswer, GroupRole, sampleField } from '../schemas/custom-field.ts'

export const customFieldList = payaca.action({
  id: 'payaca.custom-field.list',
  version: 1,
  title: 'List custom fields',
  summary: 'Reads which custom fields are set up, with their identifiers. Fields inside a fieldset name it.',
  phrase: 'list the custom fields in {connection}',
  group: 'Custom fields',
  address: addressOf('custom-field.list'),
  facts: [pathFact('custom-field.list'), { mark: 'ASSUMED', text: 'The role customer.' }],
  scopes: [],
  input: z.object({ groupRole: GroupRole }),
  output: z.object({
    customFields: z.array(CustomField).meta({ title: 'Custom fields' }),
    count: z.int().meta({ title: 'Number of fields' }),
  }),
  samples: [{ customFields: [sampleField], count: 1 }],
  rejects: [{ input: { groupRole: 'invoice' }, because: 'not a known role' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ input, connection, http }) {
    const customFields = await http({ ...route('custom-field.list', connection, { groupRole: input.groupRole }), reply: FieldListAnswer })
    return { customFields, count: customFields.length }
  },
})
