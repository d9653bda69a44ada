import { cutText, Fault, userFault } from '@couplet/core'
import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'

/** Turns what the CEL library throws into faults a person without code can act on. */

const ABSENT_CODES: ReadonlySet<string> = new Set(['no_such_key', 'index_out_of_bounds', 'optional_value_missing'])

/** True when the thrown thing says that a member or an item is not there. */
export const isAbsent = (thrown: unknown): boolean => thrown instanceof EvaluationError && ABSENT_CODES.has(thrown.code)

type CelError = ParseError | EvaluationError | CelTypeError
const isCelError = (thrown: unknown): thrown is CelError =>
  thrown instanceof ParseError || thrown instanceof EvaluationError || thrown instanceof CelTypeError

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  double: 'a number',
  int: 'a number',
  uint: 'a number',
  bool: 'yes or no',
  null: 'nothing (empty)',
  list: 'a list',
  map: 'an object',
  bytes: 'bytes',
  dyn: 'a value',
}

function typeWord(type: string): string {
  const bare = /^dyn<(.+)>$/.exec(type)?.[1] ?? type
  return TYPE_WORDS[bare.replace(/<.*$/, '')] ?? 'a value'
}

const OPERATOR_WORDS: Record<string, string> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'divide',
  '<': 'compare',
  '<=': 'compare',
  '>': 'compare',
  '>=': 'compare',
  '==': 'compare',
  '!=': 'compare',
  in: 'look up',
}

function operatorWords(summary: string): { message: string; hint: string } {
  const binary = /^no such overload: (.+) (\+|-|\*|\/|%|<=?|>=?|==|!=|in) (.+)$/.exec(summary)
  if (!binary)
    return {
      message: 'This kind of value cannot be used here: "!" needs yes or no, "-" needs a number.',
      hint: 'Look at the sample value in the data pane.',
    }
  const [left, operator, right] = [typeWord(binary[1] ?? ''), binary[2] ?? '', typeWord(binary[3] ?? '')]
  const message = `Cannot ${OPERATOR_WORDS[operator] ?? 'use'} ${left} and ${right} with "${operator}".`
  if (left.startsWith('nothing') || right.startsWith('nothing'))
    return { message, hint: 'One of the values is empty. Give a value for that case: fallback(value, 0).' }
  if (operator === 'in')
    return { message, hint: 'After "in" stands a list of values of the same kind. For a part of a text use contains(text, part).' }
  return { message, hint: 'Convert one of them: number(text) makes a number, text(value) makes a text.' }
}

/** `line 2, character 5`, counted from 1. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  const character = (before.at(-1)?.length ?? 0) + 1
  return before.length === 1 ? `character ${character}` : `line ${before.length}, character ${character}`
}

const READING_HINT = 'Texts stand in double quotes, names are written as in the data pane, "==" compares, "&&" means and, "||" means or.'

function syntaxMessage(error: CelError, text: string, part: string): { message: string; hint: string } {
  if (error.code === 'reserved_identifier')
    return { message: `"${part}" is a word of the formula language and cannot be used as a name.`, hint: 'Rename the step it belongs to.' }
  if (error.code.startsWith('unterminated')) return { message: 'A text is not closed: a quote is missing.', hint: READING_HINT }
  if (/(^|[^=!<>])=([^=]|$)/.test(text))
    return { message: 'The formula cannot be read: a single "=" means nothing.', hint: 'Compare with "==".' }
  if (part === '')
    return {
      message: 'The formula ends too early: something is missing.',
      hint: 'Look for a bracket that is not closed or an operator without a value after it.',
    }
  return { message: `The formula cannot be read at ${JSON.stringify(cutText(part, 40))}.`, hint: READING_HINT }
}

function wordsOf(error: CelError, text: string, part: string): { code: string; message: string; hint: string } {
  const shown = part === '' ? 'A value' : `"${cutText(part, 80)}"`
  switch (error.code) {
    case 'no_such_key':
    case 'index_out_of_bounds':
    case 'optional_value_missing':
      return {
        code: 'formula.absent',
        message: `${shown} is not there: ${absentDetail(error.summary)}`,
        hint: 'If it may be absent, give another value: fallback(value, "…").',
      }
    case 'unknown_variable':
      return {
        code: 'formula.unknown_name',
        message: `The name ${shown} is not known here.`,
        hint: 'Names are trigger, the ids of earlier steps, run, connections and outcomes. Texts stand in double quotes.',
      }
    case 'no_such_overload':
      return { code: 'formula.wrong_type', ...operatorWords(error.summary) }
    case 'invalid_condition_type':
    case 'invalid_logical_operand':
      return {
        code: 'formula.not_yes_no',
        message: `${shown} must be yes or no (true or false) here.`,
        hint: 'Compare the value, for example name != "" or count > 0.',
      }
    case 'incompatible_ternary_branches':
      return {
        code: 'formula.wrong_type',
        message: 'Both answers of "condition ? a : b" must be of the same kind.',
        hint: 'Convert one of them with text(…) or number(…).',
      }
    case 'invalid_index_type':
    case 'cannot_index_type':
      return {
        code: 'formula.wrong_type',
        message: `${shown} cannot be opened with this position or name.`,
        hint: 'Use at(list, position) for lists and a text in quotes for objects.',
      }
    case 'limit_exceeded':
      return {
        code: 'formula.too_large',
        message: 'The formula is too large: at most 300 parts, 40 levels of brackets and 100 items in a written list are allowed.',
        hint: 'Split it over two steps.',
      }
    case 'unsupported_type':
      return {
        code: 'formula.not_a_value',
        message: `${shown} holds a value that formulas cannot work with.`,
        hint: 'Use only the member you need.',
      }
    case 'invalid_macro_argument':
      return { code: 'formula.syntax', message: 'has(…) needs a member after a dot.', hint: 'Write it like has(trigger.name).' }
    case 'optional_expected':
      return {
        code: 'formula.wrong_type',
        message: 'orValue(…) stands after a value opened with ".?".',
        hint: 'Write it like trigger.?name.orValue("none"), or use fallback(trigger.name, "none").',
      }
    default:
      if (error instanceof ParseError) return { code: 'formula.syntax', ...syntaxMessage(error, text, part) }
      return { code: 'formula.failed', message: `The formula cannot be worked out: ${cutText(error.summary, 200)}.`, hint: READING_HINT }
  }
}

function absentDetail(summary: string): string {
  const key = /^No such key: (?!index)(.*)$/.exec(summary)?.[1]
  return key === undefined ? 'the list is shorter.' : `there is no "${cutText(key, 60)}".`
}

/** Any thrown thing as a fault of the formula `text`. `shownText` turns internal names back into those the person wrote. */
export function formulaFault(thrown: unknown, text: string): Fault {
  if (thrown instanceof Fault)
    return thrown.facts.place === undefined ? new Fault({ ...thrown.facts, place: 'formula' }, { cause: thrown.cause }) : thrown
  if (!isCelError(thrown)) {
    const isStack = thrown instanceof RangeError
    return userFault(
      {
        code: isStack ? 'formula.too_large' : 'formula.failed',
        message: isStack ? 'The formula is too large to be worked out.' : 'The formula cannot be worked out with these values.',
        hint: 'Make it simpler, or look at the values it uses.',
        place: 'formula',
      },
      thrown,
    )
  }
  const start = thrown.range?.start ?? 0
  const part = text.slice(start, thrown.range?.end ?? start)
  return userFault({ ...wordsOf(thrown, text, wholeAccess(text, start, part)), place: `formula, ${position(text, start)}` }, thrown)
}

/** For `a.b.c` the library points at `c` only; people need to see the whole path. */
function wholeAccess(text: string, start: number, part: string): string {
  const before = /[\w.\]["'?]*\.\??$/.exec(text.slice(0, start))?.[0] ?? ''
  return `${before}${part}`
}
