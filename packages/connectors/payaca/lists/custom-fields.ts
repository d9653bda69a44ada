import { payaca } from '../connector.ts'
import { route } from '../paths.ts'
import { FieldListAnswer, GroupRole } from '../schemas/custom-field.ts'

/** Custom fields of the chosen role; of projects when none is chosen. */
export const customFields = payaca.list({
  scopes: [],
  given: ['groupRole'],
  async rows({ input, http, connection }) {
    const groupRole = GroupRole.catch('project').parse(input['groupRole'])
    const fields = await http({ ...route('custom-field.list', connection, { groupRole }), reply: FieldListAnswer })
    return fields.map((field) => ({
      value: field.identifier,
      label: field.label,
      hint: [field.type, field.fieldset ?? ''].filter(Boolean).join(' · '),
    }))
  },
})
