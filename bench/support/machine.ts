import { cpus, totalmem } from 'node:os'

/** What figures were measured on. */
export const machine = () => ({
  at: new Date().toISOString(),
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
})

/** The value in the middle; of an even number of values, the lower of the two. */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value that a share (0..1) of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
