import type { ConnectionView, FlowSummary, RunSummary } from '@couplet/api'

/** One cause of trouble with all it affects, so that forty failed runs with one reason are one line with one button. */
export type Trouble = {
  key: string
  tone: 'failed' | 'attention' | 'uncertain'
  title: string
  text: string | undefined
  count: number
  to:
    | { kind: 'runs'; flow?: string; state: string }
    | { kind: 'connection'; id: string }
    | { kind: 'flow'; id: string }
    | { kind: 'run'; id: string }
  action: string
  lastAt: string
}

const DAY_MS = 86_400_000

/** Groups what is broken by its cause: connections first, then flows, then runs of the last day by flow and fault. */
export function troubleOf(
  { runs, flows, connections }: { runs: readonly RunSummary[]; flows: readonly FlowSummary[]; connections: readonly ConnectionView[] },
  now: number = Date.now(),
): Trouble[] {
  const found: Trouble[] = []
  for (const entry of connections)
    if (entry.state === 'needs-attention')
      found.push({
        key: entry.id,
        tone: 'failed',
        title: `${entry.name} needs attention`,
        text: entry.stateFault?.message,
        count: 1,
        to: { kind: 'connection', id: entry.id },
        action: 'Repair connection',
        lastAt: entry.updatedAt,
      })
  for (const flow of flows)
    if (flow.state === 'broken')
      found.push({
        key: flow.id,
        tone: 'failed',
        title: `${flow.name} is broken`,
        text: flow.stateFault?.message,
        count: 1,
        to: { kind: 'flow', id: flow.id },
        action: 'Open flow',
        lastAt: flow.updatedAt,
      })
  const groups = new Map<string, RunSummary[]>()
  for (const run of runs) {
    if (run.state === 'failed' && now - Date.parse(run.createdAt) > DAY_MS) continue
    const key = `${run.flowId}/${run.state}/${run.fault?.code ?? ''}/${run.fault?.scope ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  for (const [key, group] of groups) {
    const [newest] = group
    if (!newest) continue
    const isUncertain = newest.fault?.kind === 'unknown-outcome'
    const verb = newest.state === 'failed' ? 'failed' : isUncertain ? 'may have written: nobody knows' : 'parked'
    found.push({
      key,
      tone: newest.state === 'failed' ? 'failed' : isUncertain ? 'uncertain' : 'attention',
      title: `${newest.flowName}: ${group.length === 1 ? `1 run ${verb}` : `${group.length} runs ${verb}`}`,
      text: newest.fault?.message ?? newest.summary ?? undefined,
      count: group.length,
      to: group.length === 1 ? { kind: 'run', id: newest.id } : { kind: 'runs', flow: newest.flowId, state: newest.state },
      action: group.length === 1 ? 'Open run' : newest.state === 'failed' ? `Review ${group.length} runs` : `Resolve ${group.length} runs`,
      lastAt: newest.createdAt,
    })
  }
  return found
}
