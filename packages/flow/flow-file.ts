import { parseJson, userFault } from '@couplet/core'

const FILE_CHARS_MAX = 2_000_000

/** Where strict JSON stops: one character after the last place that can still be continued to valid JSON. */
function errorOffset(text: string): number {
  const token =
    /\s*(?:"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/uy
  const open: ('{' | '[')[] = []
  let wants: 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end' = 'value'
  let offset = 0
  for (;;) {
    token.lastIndex = offset
    const match = token.exec(text)
    const start = offset + (/^\s*/.exec(text.slice(offset, offset + 10_000))?.[0].length ?? 0)
    if (!match) return start
    const part = match[0].trim()
    const isText = part.startsWith('"')
    if (wants === 'end') return start
    if (wants === 'colon') {
      if (part !== ':') return start
      wants = 'value'
    } else if (wants === 'comma') {
      const inner = open.at(-1)
      if (part === ',') wants = inner === '{' ? 'key' : 'value'
      else if ((part === '}' && inner === '{') || (part === ']' && inner === '[')) {
        open.pop()
        wants = open.length === 0 ? 'end' : 'comma'
      } else return start
    } else if (wants === 'key' || wants === 'key or }') {
      if (isText) wants = 'colon'
      else if (part === '}' && wants === 'key or }') {
        open.pop()
        wants = open.length === 0 ? 'end' : 'comma'
      } else return start
    } else if (part === '{' || part === '[') {
      open.push(part)
      wants = part === '{' ? 'key or }' : 'value or ]'
    } else if (part === ']' && wants === 'value or ]') {
      open.pop()
      wants = open.length === 0 ? 'end' : 'comma'
    } else if (isText || /^[-\dtfn]/.test(part)) wants = open.length === 0 ? 'end' : 'comma'
    else return start
    offset = token.lastIndex
  }
}

function syntaxHint(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd()
  const next = text[offset]
  if (next === undefined) return 'The file ends too early: a bracket or a quote is not closed.'
  if ((next === '}' || next === ']') && before.endsWith(',')) return 'Remove the comma before it: nothing follows.'
  if (next === "'") return 'Texts stand in double quotes.'
  if (next === '/' || next === '#') return 'JSON has no comments. Use the "note" of a step.'
  if (next === '"' && /["\d\]}el]$/.test(before)) return 'A comma is missing before it.'
  if (next === '"') return 'The text is not closed, or holds a line break: write \\n for one.'
  return 'Names and texts stand in double quotes, members are separated by commas.'
}

/**
 * The text of a flow file as JSON, not yet validated. Throws a user fault `flow.not_json` with line, column and the line itself
 * when it is not JSON. `filename` is only for the message.
 */
export function parseFlowFile(text: string, filename: string): unknown {
  if (text.length > FILE_CHARS_MAX)
    throw userFault({
      code: 'flow.too_large',
      message: `${filename} is larger than ${FILE_CHARS_MAX / 1_000_000} MB.`,
      hint: 'A flow file is a few kilobytes; is this the right file?',
      place: filename,
    })
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const parsed = parseJson(content)
  if (parsed !== undefined) return parsed
  const offset = errorOffset(content)
  const before = content.slice(0, offset).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  const whole = content.split('\n')[line - 1]?.trimEnd() ?? ''
  const from = Math.max(0, column - 41)
  const excerpt = whole.slice(from, from + 80)
  throw userFault({
    code: 'flow.not_json',
    message: `${filename} is not valid JSON at line ${line}, column ${column}: ${excerpt.trim() === '' ? 'nothing stands there' : excerpt.trim()}`,
    hint: syntaxHint(content, offset),
    place: `${filename}:${line}:${column}`,
    details: { line, column, excerpt, marker: `${' '.repeat(Math.max(0, column - 1 - from))}^` },
  })
}
