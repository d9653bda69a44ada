import { allSteps, type FlowDefinition, flowEdges, mappingText, type OperationLookup, type Step, stepTitle } from '@couplet/flow'

const VALUE_CHARS_MAX = 140

/** Forms of Mermaid by what a step does: the eye finds where a flow turns, repeats, waits and ends. */
function shaped(step: Step, words: string): string {
  switch (step.kind) {
    case 'action':
      return `["${words}"]`
    case 'branch':
      return `{"${words}"}`
    case 'for-each':
      return `[["${words}"]]`
    case 'wait':
      return `("${words}")`
    case 'stop':
      return `(["${words}"])`
    default:
      return step satisfies never
  }
}

/** Text inside quotes of Mermaid: the few signs that would end it are written as entities. */
const quoted = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const vendorOf = (operation: string): string => {
  const [vendor = ''] = operation.split('.')
  return { highlevel: 'HighLevel', heyzine: 'Heyzine', payaca: 'Payaca' }[vendor] ?? 'Couplet'
}

/** A flow's map as a Mermaid drawing, which a page shows in its own colours, light or dark. Steps are numbered by place: their ids may be words of Mermaid. */
export function mermaidOf(definition: FlowDefinition, lookup: OperationLookup): string {
  const steps = [...allSteps(definition)].map(({ step }) => step)
  const names = new Map(['trigger', ...steps.map(({ id }) => id)].map((id, at) => [id, `s${at}`]))
  const titleOf = (operation: string, version: number): string | undefined => lookup(operation, version)?.title
  const { operation, version } = definition.trigger
  const labels = steps.map((step) => {
    const title = stepTitle(step, step.kind === 'action' ? titleOf(step.operation, step.version) : undefined)
    const vendor = step.kind === 'action' ? `<br/><small>${vendorOf(step.operation)}</small>` : ''
    return `  ${names.get(step.id) ?? ''}${shaped(step, `${quoted(title)}${vendor}`)}`
  })
  const edges = flowEdges(definition).map(({ from, to, label }) => {
    const words = label === undefined ? '' : `|"${quoted(label)}"|`
    return `  ${names.get(from) ?? ''} -->${words} ${names.get(to) ?? ''}`
  })
  const start = `  s0(["${quoted(titleOf(operation, version) ?? operation)}<br/><small>${vendorOf(operation)}</small>"])`
  return ['```mermaid', 'flowchart TD', start, ...labels, ...edges, '```'].join('\n')
}

const cell = (text: string): string => {
  const short = text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text
  return short.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;')
}

/** Where every field of a flow gets its value from, as a table. */
export function mappingTable(definition: FlowDefinition, lookup: OperationLookup): string {
  const rows = [...allSteps(definition)].flatMap(({ step }) => {
    if (step.kind !== 'action') return []
    const title = stepTitle(step, lookup(step.operation, step.version)?.title)
    return Object.entries(step.input).map(([name, mapping]) => `| ${cell(title)} | ${name} | ${cell(mappingText(mapping))} |`)
  })
  return ['| Step | Field | Value |', '| --- | --- | --- |', ...rows].join('\n')
}
