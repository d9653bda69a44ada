import type { FlowDetail } from '@couplet/api'
import type { FlowDefinition, FlowScopes, OperationLookup, Problem } from '@couplet/flow'
import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { StepData } from '../data-pane/use-data.ts'
import type { BuilderState, BuilderStore } from './store.ts'
import type { Overlay } from './overlay.ts'
import type { TestData } from './use-test-data.ts'

export type BuilderWorld = {
  store: BuilderStore
  /** The flow as last loaded: connections, triggers, state. */
  flow: FlowDetail
  lookup: OperationLookup
  /** False while operations are still being loaded: nothing can be judged then. */
  isReady: boolean
  scopes: FlowScopes
  problems: readonly Problem[]
  numbers: ReadonlyMap<string, string>
  /** What the draft is built and tested with. */
  data: TestData
  /** What the selected step can see. */
  stepData: StepData
  /** How a run or test went, shown on outline and map. */
  overlay: Overlay | undefined
  setOverlay: (overlay: Overlay | undefined) => void
}

export const BuilderContext = createContext<BuilderWorld | undefined>(undefined)

export function useBuilder(): BuilderWorld {
  const world = use(BuilderContext)
  if (!world) throw new Error('This belongs inside the builder.')
  return world
}

export const useBuilderState = <Part>(part: (state: BuilderState) => Part): Part => useStore(useBuilder().store, part)
export const useDefinition = (): FlowDefinition => useBuilderState((state) => state.definition)
