/**
 * One fact at the vendor: something that happened. Same `key`, same fact: the runtime starts at most one run for each key of a
 * trigger, for ever, whichever wire (webhook or poll) brings it first.
 */
export type Fact<Data> = {
  key: string
  /** ISO time at the vendor, as far as known. */
  at: string
  data: Data
  /**
   * What the fact shows, as `record#field#value` marks (`echoMark`). When all of them were left by Couplet's own writes, the
   * fact is an echo and starts nothing.
   */
  echo?: readonly string[]
}

/** Mark of a value in a field of a record: written by an action (`leaves`), recognised in a fact (`echo`). */
export const echoMark = (record: string, field: string, value: unknown): string =>
  `${record}#${field}#${typeof value === 'string' ? value : JSON.stringify(value)}`
