import type { Call } from '../operation.ts'
import type { CatalogueRecord } from '../state.ts'
import type { Served } from './load.ts'
import type { Asked } from './request.ts'

/** Work on rows that other parts of the simulator keep (contacts, people, sub-accounts, media), instead of on records of the catalogue. */
export type Kept = (work: { served: Served; call: Call; asked: Asked }) => unknown

/** A row of the state in the form answers are made from. */
export const asRecord = (row: { id: string } & Record<string, unknown>, locationId: string): CatalogueRecord => ({
  id: row.id,
  collection: '',
  locationId,
  owners: {},
  createdAt: '',
  updatedAt: '',
  value: row,
})
