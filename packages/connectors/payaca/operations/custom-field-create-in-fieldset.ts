import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { allThere, CustomField, FieldListAnswer, FieldsetAnswer, GroupRole, NewField, sampleField } from '../schemas/custom-field.ts'

export const customFieldCreateInFieldset = payaca.action({
  id: 'payaca.custom-field.create-in-fieldset',
  version: 1,
  title: 'Create custom fields in a fieldset',
  summary: 'Sets up 1 to 20 custom fields inside an existing fieldset.',
  phrase: 'create custom fields in a fieldset of {connection}',
  group: 'Custom fields',
  address: addressOf('custom-field.create-in-fieldset'),
  facts: [
    pathFact('custom-field.create-in-fieldset'),
    { mark: 'CONFIRMED', text: '1 to 20 fields a call; the answer is the fieldset with its fields.' },
  ],
  scopes: [],
  input: z.object({
    groupRole: GroupRole,
    fieldset: z.string().min(1).max(255).meta({ title: 'Identifier of the fieldset' }),
    customFields: z.array(NewField).min(1).max(20).meta({ title: 'Fields' }),
  }),
  output: z.object({ customFields: z.array(CustomField).meta({ title: 'The fieldset and its fields' }) }),
  samples: [{ customFields: [{ ...sampleField, fieldset: 'social' }] }],
  rejects: [{ input: { fieldset: 'social', customFields: [] }, because: 'at least one' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'a second field with the same identifier may be refused or doubled; the list shows whether it is there',
    async lookup({ input, connection, http }) {
      const existing = await http({ ...route('custom-field.list', connection, { groupRole: input.groupRole }), reply: FieldListAnswer })
      const customFields = allThere(input.customFields, existing, input.fieldset)
      return customFields && { customFields }
    },
  },
  async run({ input, connection, http }) {
    const parts = { groupRole: input.groupRole, fieldsetIdentifier: input.fieldset }
    return {
      customFields: await http({
        ...route('custom-field.create-in-fieldset', connection, parts),
        body: { customFields: input.customFields },
        reply: FieldsetAnswer,
      }),
    }
  },
})
