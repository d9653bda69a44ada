import type { CaseList, Connector } from '@couplet/connector-sdk'
import { builtin } from './builtin/index.ts'
import { heyzineCases } from './heyzine/cases.ts'
import { heyzine } from './heyzine/index.ts'
import { highlevelCases } from './highlevel/cases.ts'
import { highlevel } from './highlevel/index.ts'
import { payacaCases } from './payaca/cases.ts'
import { payaca } from './payaca/index.ts'

/** Every connector of an installation, in the order the catalogue shows them. */
export const connectors: readonly Connector[] = [highlevel, heyzine, payaca, builtin]

/** Contract cases by connector, to be run against the simulator of that vendor. */
export const casesByConnector: Readonly<Record<string, readonly CaseList[]>> = {
  highlevel: highlevelCases,
  heyzine: heyzineCases,
  payaca: payacaCases,
}

export const allCases: readonly CaseList[] = Object.values(casesByConnector).flat()

export { builtin, heyzine, highlevel, payaca }
