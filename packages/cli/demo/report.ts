import type { RunDetail, StepView } from '@couplet/api'
import type { VendorChange } from './vendor-changes.ts'

export type DemoStep = { key: string; title: string; state: string; calls: { method: string; path: string; status?: number }[] }
export type DemoFlow = {
  name: string
  template: string
  status: 'done' | 'failed'
  runId: string
  proof: string
  steps: DemoStep[]
  writes: VendorChange[]
  durationMs: number
}

const VALUE_CHARS_MAX = 110

/** Steps of a run with the vendor calls they made. */
export const stepsOf = (run: RunDetail): DemoStep[] =>
  run.steps.map((step) => ({
    key: step.key,
    title: step.title,
    state: step.state,
    calls: step.attempts.flatMap((attempt) =>
      attempt.exchanges.map((exchange) => ({
        method: exchange.method,
        path: pathOf(exchange.url),
        ...(exchange.status === undefined ? {} : { status: exchange.status }),
      })),
    ),
  }))

const pathOf = (url: string): string => {
  try {
    const { pathname, search } = new URL(url)
    return pathname + search
  } catch {
    return url
  }
}

/** A step in plain words: what was asked, what came back. */
export function stepLines(step: StepView): string[] {
  const depth = step.key.split('/').length
  const indent = '    '.padEnd(2 + depth * 2)
  const lines = [
    `${indent}${markOf(step.state)} ${step.title}${step.taken === undefined ? '' : `: ${step.taken}`}${step.items ? ` (${step.items.count} items)` : ''}`,
  ]
  for (const attempt of step.attempts) {
    for (const exchange of attempt.exchanges) {
      lines.push(`${indent}    ${exchange.method} ${pathOf(exchange.url)} → ${exchange.status ?? 'no answer'} (${exchange.tookMs} ms)`)
      if (exchange.requestBody !== undefined) lines.push(`${indent}      sent ${short(exchange.requestBody)}`)
      if (exchange.responseBody !== undefined) lines.push(`${indent}      got  ${short(exchange.responseBody)}`)
    }
    if (attempt.fault) lines.push(`${indent}    ${attempt.fault.message}`)
  }
  return lines
}

const markOf = (state: string): string =>
  state === 'done' || state === 'stopped' ? '✓' : state === 'failed' ? '✗' : state === 'waiting' ? '…' : '·'
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text
}

/** What changed at the vendors, a line each. */
export const changeLines = (changes: readonly VendorChange[]): string[] =>
  changes.flatMap((change) => [
    `    ${change.vendor} ${change.what} ${change.record} ${change.change}`,
    ...(change.change === 'changed'
      ? change.members.map((member) => `      ${member.member}: ${short(member.before ?? '(none)')} → ${short(member.after ?? '(none)')}`)
      : []),
  ])

/** The closing table. */
export function table(flows: readonly DemoFlow[]): string {
  const rows = flows.map((flow) => [
    flow.status === 'done' ? '✓ done' : '✗ failed',
    flow.name,
    String(flow.steps.length),
    String(flow.steps.flatMap((step) => step.calls).length),
    String(flow.writes.length),
    `${(flow.durationMs / 1_000).toFixed(1)} s`,
  ])
  const head = ['', 'Flow', 'Steps', 'Calls', 'Records changed', 'Time']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
