import { readJsonPath, sameness } from './json-path.ts'

export const TESTS = ['is', 'is-not', 'contains', 'starts-with', 'greater', 'less', 'is-empty', 'is-not-empty'] as const
export type Test = (typeof TESTS)[number]
export type Condition = { path?: string | undefined; test: Test; value?: unknown }

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && Object.keys(value).length === 0)

/** Numbers by size; texts that are both numbers too; otherwise by their letters, which puts ISO times in order. `undefined` when they cannot be compared. */
function order(one: unknown, other: unknown): number | undefined {
  const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'
  if (!isScalar(one) || !isScalar(other) || one === '' || other === '') return undefined
  const [first, second] = [Number(one), Number(other)]
  if (Number.isFinite(first) && Number.isFinite(second)) return first - second
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0
}

/** Whether an item meets a condition. Texts are compared without regard to capitals. */
export function meets(item: unknown, condition: Condition): boolean {
  const actual = condition.path === undefined || condition.path === '' ? item : readJsonPath(item, condition.path)
  const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
  const isSame = sameness(lower(actual)) === sameness(lower(condition.value))
  switch (condition.test) {
    case 'is':
      return isSame
    case 'is-not':
      return !isSame
    case 'contains':
      if (Array.isArray(actual)) return actual.some((member) => sameness(lower(member)) === sameness(lower(condition.value)))
      return typeof actual === 'string' && actual.toLowerCase().includes(String(condition.value ?? '').toLowerCase())
    case 'starts-with':
      return typeof actual === 'string' && actual.toLowerCase().startsWith(String(condition.value ?? '').toLowerCase())
    case 'greater':
      return (order(actual, condition.value) ?? 0) > 0
    case 'less':
      return (order(actual, condition.value) ?? 0) < 0
    case 'is-empty':
      return isEmpty(actual)
    case 'is-not-empty':
      return !isEmpty(actual)
  }
}
