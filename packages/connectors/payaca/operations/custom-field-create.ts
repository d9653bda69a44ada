import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { allThere, CustomField, FieldListAnswer, GroupRole, NewField, sampleField } from '../schemas/custom-field.ts'

export const customFieldCreate = payaca.action({
  id: 'payaca.custom-field.create',
  version: 1,
  title: 'Create custom fields',
  summary: 'Sets up 1 to 50 custom fields. Give identifiers, so that Couplet recognises fields that are already there.',
  phrase: 'create custom fields in {connection}',
  group: 'Custom fields',
  address: addressOf('custom-field.create'),
  facts: [
    pathFact('custom-field.create'),
    { mark: 'CONFIRMED', text: '1 to 50 fields a call; a choice field has 1 to 20 choices.' },
    { mark: 'ASSUMED', text: 'The role customer.' },
  ],
  scopes: [],
  input: z.object({ groupRole: GroupRole, customFields: z.array(NewField).min(1).max(50).meta({ title: 'Fields' }) }),
  output: z.object({ customFields: z.array(CustomField).meta({ title: 'Custom fields' }) }),
  samples: [{ customFields: [sampleField] }],
  rejects: [
    { input: { customFields: [] }, because: 'at least one' },
    {
      input: { customFields: [{ type: 'text', label: 'Social tags', identifier: 'ghl_social-tags' }] },
      because: 'the reference and its samples disagree about - and _',
    },
    { input: { customFields: [{ type: 'select', label: 'Size', options: [] }] }, because: 'a choice field needs choices' },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'a second field with the same identifier may be refused or doubled; the list shows whether it is there',
    async lookup({ input, connection, http }) {
      const existing = await http({ ...route('custom-field.list', connection, { groupRole: input.groupRole }), reply: FieldListAnswer })
      const customFields = allThere(input.customFields, existing)
      return customFields && { customFields }
    },
  },
  async run({ input, connection, http }) {
    const customFields = await http({
      ...route('custom-field.create', connection, { groupRole: input.groupRole }),
      body: { customFields: input.customFields },
      reply: FieldListAnswer,
    })
    return { customFields }
  },
})
