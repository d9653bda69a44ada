import { cases } from '@couplet/connector-sdk'
import { customFieldCreateInFieldset } from '../operations/custom-field-create-in-fieldset.ts'
import { customFieldCreate } from '../operations/custom-field-create.ts'
import { customFieldList } from '../operations/custom-field-list.ts'
import { projectCreate } from '../operations/project-create.ts'
import { projectUpdate } from '../operations/project-update.ts'
import { taxRateList } from '../operations/tax-rate-list.ts'
import { whole, world } from './state.ts'

export const projectCreateCases = cases(projectCreate, [
  {
    name: 'creates a project',
    input: (state) => ({ customerId: world(state).customer.id, reference: 'CASE-1', tags: ['Solar'], notes: ['Made by a case'] }),
    expect: { reference: 'CASE-1', tags: ['Solar'] },
  },
  {
    name: 'reads the answer under the name customer, too',
    given: [{ setting: 'projectWrapper', value: 'customer' }],
    input: (state) => ({ customerId: world(state).customer.id, reference: 'CASE-2' }),
    expect: { reference: 'CASE-2' },
  },
  { name: 'does not find a customer of nobody', input: { customerId: 'nobody', reference: 'CASE-3' }, fails: 'not-found' },
])

export const projectUpdateCases = cases(projectUpdate, [
  {
    name: 'changes the reference',
    input: (state) => ({ projectId: world(state).project.id, reference: 'CASE-4' }),
    expect: { reference: 'CASE-4' },
  },
  { name: 'does not find a project of nobody', input: { projectId: 'nobody', reference: 'x' }, fails: 'not-found' },
])

export const fieldListCases = cases(customFieldList, [
  {
    name: 'reads the fields of projects',
    input: {},
    expect: whole(customFieldList, ({ customFields }) => customFields.some((field) => field.identifier !== '')),
  },
])

export const fieldCreateCases = cases(customFieldCreate, [
  {
    name: 'creates a text and a choice',
    input: {
      customFields: [
        { type: 'text', label: 'Case text', identifier: 'caseText' },
        { type: 'select', label: 'Case choice', identifier: 'caseChoice', options: ['One', 'Two'] },
      ],
    },
    expect: whole(
      customFieldCreate,
      ({ customFields }) =>
        customFields.some((field) => field.identifier === 'caseText') && customFields.some((field) => field.identifier === 'caseChoice'),
    ),
  },
])

export const fieldCreateInFieldsetCases = cases(customFieldCreateInFieldset, [
  {
    name: 'creates a field in the fieldset',
    input: { fieldset: 'heatLossSurvey', customFields: [{ type: 'number', label: 'Case number', identifier: 'caseNumber' }] },
    expect: whole(customFieldCreateInFieldset, ({ customFields }) =>
      customFields.some((field) => field.identifier === 'caseNumber' && field.fieldset === 'heatLossSurvey'),
    ),
  },
])

export const taxRateCases = cases(taxRateList, [
  { name: 'reads the rates', input: {}, expect: whole(taxRateList, ({ taxRates, count }) => count > 0 && taxRates.length === count) },
])
