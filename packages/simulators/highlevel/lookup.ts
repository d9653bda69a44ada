/**
 * Indices over the lists of the state, kept outside it because the state is plain JSON and may be replaced as a whole.
 * An index belongs to one list: it grows with rows appended, and a replaced list gets a new one (see `state.ts`).
 */

type Index<Row> = { rowsSeen: number; byKey: Map<string, Row[]> }

const indices = new WeakMap<readonly object[], Map<string, Index<object>>>()

const refreshed = <Row extends object>(rows: readonly Row[], name: string, keyOf: (row: Row) => string): Map<string, Row[]> => {
  let ofList = indices.get(rows)
  if (!ofList) {
    ofList = new Map()
    indices.set(rows, ofList)
  }
  let index = ofList.get(name) as Index<Row> | undefined
  if (!index || index.rowsSeen > rows.length) {
    index = { rowsSeen: 0, byKey: new Map() }
    ofList.set(name, index)
  }
  for (; index.rowsSeen < rows.length; index.rowsSeen++) {
    const row = rows[index.rowsSeen]
    if (!row) continue
    const key = keyOf(row)
    const found = index.byKey.get(key)
    if (found) found.push(row)
    else index.byKey.set(key, [row])
  }
  return index.byKey
}

/** Rows of one location, oldest first. */
export const inLocation = <Row extends { locationId: string }>(rows: readonly Row[], locationId: string): readonly Row[] =>
  refreshed(rows, 'locationId', (row) => row.locationId).get(locationId) ?? []

/** The row whose `key` member has this value. */
export const rowBy = <Key extends string, Row extends { [name in Key]: string }>(
  rows: readonly Row[],
  key: Key,
  value: string,
): Row | undefined => refreshed(rows, key, (row) => row[key]).get(value)?.[0]
