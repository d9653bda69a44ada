export type { OperationStanding } from './check-operation.ts'
export { typeOfMapping } from './check-types.ts'
export { type Change, diffDefinitions, mappingText } from './definition-diff.ts'
export {
  type ActionStep,
  type Fallback,
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
export { applyEdit, applyEdits, type At, type Edit, type EditResult } from './edits.ts'
export { flowEdges } from './flow-edges.ts'
export { parseFlowFile } from './flow-file.ts'
export { type CompiledFormula, compileFormula, evaluateCondition, evaluateFormula } from './formula.ts'
export { FORMULA_FUNCTIONS, type FormulaFunction } from './formula-functions.ts'
export { FLOW_SCHEMA_ID, flowJsonSchema } from './json-schema.ts'
export type { JsonSchema, OperationLookup, OperationShape } from './operation-shape.ts'
export { type DataPath, placeOf } from './place.ts'
export { printFlowFile } from './print-definition.ts'
export type { Problem } from './problem.ts'
export { resolveInput, resolveList, resolveMapping, resolveText, type Scope } from './resolve-mapping.ts'
export { flowSentence } from './sentence.ts'
export { type FlowScopes, scopesOf, type StaticScope, typeOfPath } from './static-scope.ts'
export { slotNameFor } from './slot-name.ts'
export { stepTitle } from './step-title.ts'
export { type TableShape, withTables } from './table-columns.ts'
export { FORMAT, upgradeDefinition } from './upgrade.ts'
export { checkFlow, NESTING_MAX, STEPS_MAX, type Validation, validateDefinition } from './validate.ts'
export { typeOfSchema, typeWords, type ValueType } from './value-type.ts'
export {
  allSteps,
  callWaits,
  type Container,
  findStep,
  innerMappings,
  operationsUsed,
  requiredConnectors,
  stepExpressions,
  stepNumbers,
  stepPath,
  type VisitedStep,
  walkSteps,
} from './walk.ts'
