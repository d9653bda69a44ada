import { toFault } from '@couplet/core'

/**
 * Exit codes of the command, also shown by --help:
 * 0 done · 1 it could not be done · 2 the command was written wrongly · 3 a check found problems.
 */
export const EXIT = { done: 0, failed: 1, usage: 2, problems: 3 } as const

/** A fault as three lines: what happened, where, what to do. A defect of ours also shows where in the code. */
function faultLines(thrown: unknown): string[] {
  const fault = toFault(thrown)
  const { place, code, traceId, details } = fault.facts
  const incident = typeof details?.['incident'] === 'string' ? `, incident ${details['incident']}` : ''
  const where = `${place === undefined ? '' : `${place} · `}${code}${traceId === undefined ? '' : `, trace ${traceId}`}${incident}`
  const lines = [`Error: ${fault.message}`, `  Where: ${where}`, `  To do: ${fault.hint ?? 'Run "couplet doctor" for more.'}`]
  const marker = details?.['marker']
  const excerpt = details?.['excerpt']
  if (typeof marker === 'string' && typeof excerpt === 'string' && excerpt.trim() !== '')
    lines.splice(1, 0, `    ${excerpt}`, `    ${marker}`)
  if (fault.kind === 'bug' && fault.cause instanceof Error && fault.cause.stack !== undefined)
    lines.push(...fault.cause.stack.split('\n').slice(1, 6))
  return lines
}

export function printFault(thrown: unknown): void {
  console.error(faultLines(thrown).join('\n'))
}
