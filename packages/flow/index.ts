export {
  type ActionStep,
  type BranchStep,
  FlowDefinition,
  type ForEachStep,
  Mapping,
  type Pill,
  RESERVED_NAMES,
  Step,
  type StopStep,
  TOLERABLE_FAULTS,
  type TriggerStep,
  type WaitStep,
} from './definition.ts'
export type { JsonSchema, OperationLookup, OperationShape } from './operation-shape.ts'
