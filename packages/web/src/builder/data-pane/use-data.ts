import type { FlowDetail } from '@couplet/api'
import type { Json } from '@couplet/core'
import { allSteps, type FlowDefinition, type FlowScopes, type OperationLookup, type Scope, type StaticScope } from '@couplet/flow'
import { useMemo } from 'react'
import { useBuilder } from '../model/builder-context.ts'
import { sampleScope } from '../model/sample-data.ts'
import { stepMark, stepTitle, triggerTitle } from '../model/step-words.ts'
import { allNodes, type DataSource, dataSources } from './data-tree.ts'
import type { PillChoice } from '../mapping/pill-editor.tsx'
import { sampleWords } from '../../words/sample-words.ts'

const NOTHING: StaticScope = new Map()
const CHOICES_MAX = 400

const visibleAt = (scopes: FlowScopes, selected: string): StaticScope =>
  selected === 'trigger' || selected === 'flow' ? scopes.trigger : (scopes.steps.get(selected) ?? NOTHING)

export type StepData = { visible: StaticScope; scope: Scope; sources: readonly DataSource[]; choices: readonly PillChoice[] }

/** What the selected step can see. */
export const useData = (): StepData => useBuilder().stepData

type Known = {
  flow: FlowDetail
  definition: FlowDefinition
  lookup: OperationLookup
  scopes: FlowScopes
  numbers: ReadonlyMap<string, string>
  values: Readonly<Record<string, Json>>
  selected: string
}

/** What a step can see: types, samples, as a tree and as choices for completion. Worked out once for all that show it. */
export function useStepData({ flow, definition, lookup, scopes, numbers, values, selected }: Known): StepData {
  return useMemo(() => {
    const stepOf = new Map([...allSteps(definition)].map(({ step }) => [step.id, step]))
    const visible = visibleAt(scopes, selected)
    const scope = sampleScope(visible, { definition, lookup, flow, values })
    const words = (name: string) => {
      const step = stepOf.get(name)
      if (step) {
        const mark = stepMark(step)
        return {
          title: stepTitle(step, lookup),
          number: numbers.get(name) ?? '',
          connector: 'connector' in mark ? mark.connector : undefined,
        }
      }
      const titles: Record<string, string> = {
        trigger: triggerTitle(definition, lookup),
        connections: 'Connections',
        run: 'This run',
        outcomes: 'How steps ended',
        failure: 'The failure',
      }
      return {
        title: titles[name] ?? name,
        number: '',
        connector: name === 'trigger' ? definition.trigger.operation.split('.')[0] : undefined,
      }
    }
    const sources = dataSources(visible, scope, words)
    const choices: PillChoice[] = []
    for (const source of sources) {
      const head = source.number === '' ? source.title : `${source.number} ${source.title}`
      if (source.nodes.length === 0)
        choices.push({ label: head, detail: sampleWords(source.whole.sample), pill: { kind: 'pill', path: source.whole.path } })
      for (const node of allNodes(source.nodes))
        choices.push({ label: `${node.name} · ${head}`, detail: sampleWords(node.sample), pill: { kind: 'pill', path: node.path } })
    }
    return { visible, scope, sources, choices: choices.slice(0, CHOICES_MAX) }
  }, [scopes, lookup, flow, values, numbers, definition, selected])
}
