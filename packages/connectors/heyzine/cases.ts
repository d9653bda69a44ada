import type { CaseList } from '@couplet/connector-sdk'
import { convertAndWaitCases, convertCases, refreshCases, replaceCases } from './cases/conversion.ts'
import { deleteCases, getCases, listCases, oembedCases, setSocialCases, setTagsCases, updateDesignCases } from './cases/flipbooks.ts'
import {
  accessAddCases,
  accessRemoveCases,
  accessSetUpCases,
  shelfAddCases,
  shelfFlipbooksCases,
  shelfListCases,
  shelfRemoveCases,
  shelfSocialCases,
} from './cases/shelves-and-access.ts'

/** Contract cases of every Heyzine operation. Those that convert need `documentUrl` in the state: a PDF the vendor can fetch. */
export const heyzineCases: readonly CaseList[] = [
  convertCases,
  convertAndWaitCases,
  refreshCases,
  replaceCases,
  listCases,
  getCases,
  updateDesignCases,
  setTagsCases,
  setSocialCases,
  deleteCases,
  oembedCases,
  shelfListCases,
  shelfFlipbooksCases,
  shelfAddCases,
  shelfRemoveCases,
  shelfSocialCases,
  accessSetUpCases,
  accessAddCases,
  accessRemoveCases,
]
