import type { CaseList } from '@couplet/connector-sdk'
import { addTagsCases, getCases, listCases, removeTagsCases, updateCustomFieldsCases, upsertCases } from './cases/customers.ts'
import {
  fieldCreateCases,
  fieldCreateInFieldsetCases,
  fieldListCases,
  projectCreateCases,
  projectUpdateCases,
  taxRateCases,
} from './cases/projects-and-fields.ts'

/** Contract cases of every Payaca operation. */
export const payacaCases: readonly CaseList[] = [
  listCases,
  getCases,
  upsertCases,
  updateCustomFieldsCases,
  addTagsCases,
  removeTagsCases,
  projectCreateCases,
  projectUpdateCases,
  fieldListCases,
  fieldCreateCases,
  fieldCreateInFieldsetCases,
  taxRateCases,
]
