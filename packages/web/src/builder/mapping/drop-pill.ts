import { parseJson } from '@couplet/core'
import { Mapping, type Pill } from '@couplet/flow'
import { charOfPill, docOf, mappingOf } from './pill-text.ts'

const KIND = 'application/x-couplet-pill'

/** Data taken from the data pane by the mouse; clicking and typing do the same. */
export function dragPill(transfer: DataTransfer, pill: Pill): void {
  transfer.setData(KIND, JSON.stringify(pill))
  transfer.setData('text/plain', pill.path.join('.'))
  transfer.effectAllowed = 'copy'
}

export const carriesPill = (transfer: DataTransfer): boolean => transfer.types.includes(KIND)

/** The mapping after data was dropped on it: appended to a text, in place of anything else. */
export function droppedOn(mapping: Mapping | undefined, transfer: DataTransfer, isText: boolean): Mapping | undefined {
  const read = Mapping.safeParse(parseJson(transfer.getData(KIND)))
  if (!read.success || read.data.kind !== 'pill') return undefined
  const isOpenText = mapping === undefined || mapping.kind === 'text' || mapping.kind === 'pill' || mapping.kind === 'value'
  return isText && isOpenText ? mappingOf(docOf(mapping) + charOfPill(read.data), (text) => text) : read.data
}
