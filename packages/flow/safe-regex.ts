import { BoundedMap, userFault } from '@couplet/core'
import { RE2JS } from 're2js'

/**
 * Regular expressions in linear time (RE2): a pattern written by a person meets text written by a stranger, and a backtracking
 * engine can be made to hang by either.
 */
const compiled = new BoundedMap<string, RE2JS>(200)

function pattern(text: string): RE2JS {
  const known = compiled.get(text)
  if (known) return known
  if (text.length > 500)
    throw userFault({
      code: 'formula.pattern_too_long',
      message: 'The search pattern is longer than 500 characters.',
      hint: 'Use a shorter pattern.',
    })
  try {
    const made = RE2JS.compile(text)
    compiled.set(text, made)
    return made
  } catch (error) {
    throw userFault(
      {
        code: 'formula.bad_pattern',
        message: `"${text}" is not a valid search pattern: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
        hint: 'Look-ahead and back references are not available. Put a backslash before characters that mean themselves: \\. \\( \\+',
      },
      error,
    )
  }
}

/** True when the pattern is found anywhere in the text. */
export const regexFinds = (text: string, source: string): boolean => pattern(source).matcher(text).find()

/** Every match replaced; `$1` and `$2` name groups. */
export const regexReplaceAll = (text: string, source: string, replacement: string): string => {
  try {
    return pattern(source).matcher(text).replaceAll(replacement)
  } catch (error) {
    throw userFault(
      {
        code: 'formula.bad_pattern',
        message: `The replacement "${replacement}" does not fit the pattern "${source}".`,
        hint: 'Use $1, $2 … only for groups that the pattern has.',
      },
      error,
    )
  }
}

/** The first match, or its first group when the pattern has one; `undefined` when nothing matches. */
export function regexFirst(text: string, source: string): string | undefined {
  const matcher = pattern(source).matcher(text)
  if (!matcher.find()) return undefined
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(0)) ?? undefined
}
