import { type Connector, connector } from '@couplet/connector-sdk'
import { payaca as declared } from './connector.ts'
import { customFields } from './lists/custom-fields.ts'
import { customers } from './lists/customers.ts'
import { taxRates } from './lists/tax-rates.ts'
import { customFieldCreateInFieldset } from './operations/custom-field-create-in-fieldset.ts'
import { customFieldCreate } from './operations/custom-field-create.ts'
import { customFieldList } from './operations/custom-field-list.ts'
import { customerAddTags } from './operations/customer-add-tags.ts'
import { customerGet } from './operations/customer-get.ts'
import { customerList } from './operations/customer-list.ts'
import { customerRemoveTags } from './operations/customer-remove-tags.ts'
import { customerUpdateCustomFields } from './operations/customer-update-custom-fields.ts'
import { customerUpsert } from './operations/customer-upsert.ts'
import { projectCreate } from './operations/project-create.ts'
import { projectUpdate } from './operations/project-update.ts'
import { taxRateList } from './operations/tax-rate-list.ts'
import { customerChanged } from './triggers/customer-changed.ts'
import { customerSelected } from './triggers/customer-selected.ts'
import { invoiceFullyPaid } from './triggers/invoice-fully-paid.ts'
import { projectStageChanged } from './triggers/project-stage-changed.ts'
import { scheduledEventCreated } from './triggers/scheduled-event-created.ts'

/** Payaca: the eleven known operations, one guessed one that is off by default, and five triggers. */
export const payaca: Connector = connector({
  spec: declared.spec,
  actions: [
    customerList,
    customerGet,
    customerUpsert,
    customerUpdateCustomFields,
    customerAddTags,
    customerRemoveTags,
    projectCreate,
    projectUpdate,
    customFieldList,
    customFieldCreate,
    customFieldCreateInFieldset,
    taxRateList,
  ],
  triggers: [customerSelected, customerChanged, projectStageChanged, invoiceFullyPaid, scheduledEventCreated],
  lists: { customers, customFields, taxRates },
})
