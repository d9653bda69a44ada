import { alternatives, NUMBER, TEXT, type ValueType, withoutEmpty, YES_NO } from './value-type.ts'

/** Kinds an operator takes on its left and right, and the type of what it makes of them; `left`: that of its left side. */
type Combination = readonly [left: string, right: string, makes: ValueType | 'left']

const ARITHMETIC: Readonly<Record<string, readonly Combination[]>> = {
  '+': [
    ['number', 'number', NUMBER],
    ['text', 'text', TEXT],
    ['text', 'number', TEXT],
    ['number', 'text', TEXT],
    ['list', 'list', 'left'],
  ],
  '-': [['number', 'number', NUMBER]],
  '*': [['number', 'number', NUMBER]],
  '/': [['number', 'number', NUMBER]],
  '%': [['number', 'number', NUMBER]],
}
const ORDERED: readonly Combination[] = [
  ['number', 'number', YES_NO],
  ['text', 'text', YES_NO],
  ['yes-no', 'yes-no', YES_NO],
]

type Kinds = ReadonlySet<string>

/** Kinds a value can have once it is there; empty when nothing is known. */
export const kindsOf = (type: ValueType): Kinds => {
  const kinds = new Set<string>(alternatives(withoutEmpty(type)).map((part) => part.kind))
  return kinds.has('any') ? new Set() : kinds
}

/** True for operators that make something new of both sides; the others put them in order. */
export const isArithmetic = (operator: string): boolean => Object.hasOwn(ARITHMETIC, operator)

/** What an operator can make of values of these kinds; nothing when it does not work between them. */
export const combinationsOf = (operator: string, left: Kinds, right: Kinds): readonly Combination[] =>
  (ARITHMETIC[operator] ?? ORDERED).filter(([a, b]) => (left.size === 0 || left.has(a)) && (right.size === 0 || right.has(b)))
