import type { ValueType } from '@couplet/flow'

const partsOf = (type: ValueType): readonly ValueType[] => (type.kind === 'union' ? type.of : [type])

/** May be null or not there at all. */
export const mayBeEmpty = (type: ValueType): boolean => partsOf(type).some((part) => part.kind === 'null' || part.kind === 'absent')

/** The type of the value when there is one; the first alternative of several. */
export const presentType = (type: ValueType): ValueType =>
  partsOf(type).find((part) => part.kind !== 'null' && part.kind !== 'absent') ?? type

const SHORT: Record<ValueType['kind'], string> = {
  any: 'any',
  null: 'nothing',
  absent: 'nothing',
  text: 'text',
  number: 'number',
  'yes-no': 'yes/no',
  list: 'list',
  object: 'object',
  union: 'mixed',
}

/** One word for a type, for dense lists. */
export function shortType(type: ValueType): string {
  const part = presentType(type)
  if (part.kind === 'text' && (part.format === 'date-time' || part.format === 'date')) return 'date'
  if (part.kind === 'list') return `list of ${shortType(part.items)}`
  return SHORT[part.kind]
}

/** Whether a value could go there at all, before any conversion a person writes. */
export function canGoTo(source: ValueType, target: ValueType): boolean {
  return partsOf(source).some((given) =>
    partsOf(target).some(
      (wanted) =>
        given.kind === 'any' ||
        wanted.kind === 'any' ||
        given.kind === wanted.kind ||
        (wanted.kind === 'text' && (given.kind === 'number' || given.kind === 'yes-no')),
    ),
  )
}
