import { readJsonPath, sameness } from './json-path.ts'

export const TESTS = ['is', 'is-not', 'contains', 'starts-with', 'greater', 'less', 'is-empty', 'is-not-empty'] as const
export type Test = (typeof TESTS)[number]
export type Condition = { path?: string | undefined; test: Test; value?: unknown }

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && Object.keys(value).length === 0)

/** Numbers by size; texts that are both numbers too; otherwise by their letters, which puts ISO times in order. `undefined` when they cannot be compared. */
function order(one: unknown, other: unknown): number | undefined {
  const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'
  if (!isScalar(one) || !isScalar(other) || one === '' || other === '') return undefined
  const [first, second] = [Number(one), Number(other)]
  if (Number.isFinite(first) && Number.isFinite(second)) return first - second
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0
}

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
const isSame = (one: unknown, other: unknown): boolean => sameness(lower(one)) === sameness(lower(other))
/** Letters of a text or number, in small; anything else has none. */
const letters = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : undefined

const contains = (actual: unknown, value: unknown): boolean => {
  if (Array.isArray(actual)) return actual.some((member) => isSame(member, value))
  const part = letters(value)
  return part !== undefined && (letters(actual)?.includes(part) ?? false)
}

const HOLDS: Record<Test, (actual: unknown, value: unknown) => boolean> = {
  is: isSame,
  'is-not': (actual, value) => !isSame(actual, value),
  contains,
  'starts-with': (actual, value) => letters(actual)?.startsWith(letters(value) ?? '\0') ?? false,
  greater: (actual, value) => (order(actual, value) ?? 0) > 0,
  less: (actual, value) => (order(actual, value) ?? 0) < 0,
  'is-empty': isEmpty,
  'is-not-empty': (actual) => !isEmpty(actual),
}

/** Whether an item meets a condition. Texts are compared without regard to capitals. */
export const meets = (item: unknown, { path, test, value }: Condition): boolean =>
  HOLDS[test](path === undefined || path === '' ? item : readJsonPath(item, path), value)
