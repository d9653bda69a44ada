import type { FlowDefinition } from './definition.ts'
import type { Edit } from './edits.ts'
import { nearest } from './nearest.ts'
import type { OperationLookup, OperationShape } from './operation-shape.ts'
import type { DataPath } from './place.ts'
import type { ProblemWords } from './problem.ts'
import type { FlowScopes } from './static-scope.ts'

/** What is known of an operation besides its form: why there is none, or that its vendor describes it otherwise by now. */
export type OperationStanding = { message: string; hint: string }

/** Further knowledge that makes messages better: ids of all operations, for "did you mean", and what became of one. */
export type ValidationHelp = {
  operationIds?: Iterable<string>
  standing?: (operation: string, version: number) => OperationStanding | undefined
}

/** What a check of a flow works with. */
export type Check = {
  definition: FlowDefinition
  lookup: OperationLookup
  help: ValidationHelp
  scopes: FlowScopes
  report: (path: DataPath, words: ProblemWords) => void
}

/** The form of the operation a trigger or step uses; reports when there is none of this kind, or when it is outdated. */
export function operationAt(
  check: Check,
  kind: OperationShape['kind'],
  use: { operation: string; version: number },
  path: DataPath,
): OperationShape | undefined {
  const { lookup, help, report } = check
  const shape = lookup(use.operation, use.version)
  const standing = help.standing?.(use.operation, use.version)
  if (shape && shape.kind === kind) {
    if (standing) report([...path, 'operation'], { severity: 'warning', code: 'operation.outdated', ...standing })
    return shape
  }
  if (shape) {
    report([...path, 'operation'], {
      severity: 'error',
      code: 'operation.wrong_kind',
      message: `"${use.operation}" is ${shape.kind === 'trigger' ? 'a trigger and cannot be a step' : 'an action and cannot start a flow'}.`,
      hint: `Choose ${kind === 'trigger' ? 'a trigger' : 'an action'} from the catalogue.`,
    })
    return undefined
  }
  const other = Array.from({ length: Math.min(use.version + 5, 50) }, (_, index) => use.version + 5 - index).find(
    (version) => lookup(use.operation, version) !== undefined,
  )
  if (other !== undefined)
    report([...path, 'version'], {
      severity: 'error',
      code: 'operation.unknown_version',
      message: `There is no version ${use.version} of "${use.operation}".`,
      hint: `Version ${other} is known.`,
    })
  else {
    const near = nearest(use.operation, help.operationIds ?? [])
    report([...path, 'operation'], {
      severity: 'error',
      code: 'operation.unknown',
      message: standing?.message ?? `There is no operation "${use.operation}".`,
      hint: near === undefined ? (standing?.hint ?? 'Choose one from the catalogue.') : `Did you mean "${near}"?`,
    })
  }
  return undefined
}

type Use = { operation: string; connection?: string | undefined }

/** Reports what is wrong with the connection a trigger or step names for an operation. */
export function checkConnection(
  check: Check,
  shape: OperationShape,
  use: Use,
  path: DataPath,
  withConnection: (slot: string) => Edit,
): void {
  const { definition, report } = check
  const fitting = Object.entries(definition.slots)
    .filter(([, slot]) => slot.connector === shape.connector)
    .map(([name]) => name)
  const fix = fitting.length === 1 && fitting[0] !== undefined ? { fix: withConnection(fitting[0]) } : {}
  const here = [...path, 'connection']
  if (use.connection === undefined) {
    if (shape.needsConnection)
      report(path, {
        severity: 'error',
        code: 'connection.missing',
        message: `"${shape.title}" needs a connection to ${shape.connector}.`,
        hint:
          fitting.length === 0
            ? `Add a connection slot for ${shape.connector}.`
            : `Choose ${fitting.map((name) => `"${name}"`).join(' or ')}.`,
        ...fix,
      })
    return
  }
  const slot = Object.hasOwn(definition.slots, use.connection) ? definition.slots[use.connection] : undefined
  if (!slot) {
    const near = nearest(use.connection, Object.keys(definition.slots))
    report(here, {
      severity: 'error',
      code: 'connection.unknown_slot',
      message: `The flow has no connection slot "${use.connection}".`,
      hint: near === undefined ? `Add the slot "${use.connection}", or choose another.` : `Did you mean "${near}"?`,
      ...fix,
    })
  } else if (!shape.needsConnection)
    report(here, {
      severity: 'warning',
      code: 'connection.not_needed',
      message: `"${shape.title}" needs no connection.`,
      hint: 'Remove it.',
    })
  else if (slot.connector !== shape.connector)
    report(here, {
      severity: 'error',
      code: 'connection.wrong_connector',
      message: `The slot "${use.connection}" is for ${slot.connector}, but "${shape.title}" belongs to ${shape.connector}.`,
      hint:
        fitting.length === 0
          ? `Add a connection slot for ${shape.connector}.`
          : `Choose ${fitting.map((name) => `"${name}"`).join(' or ')}.`,
      ...fix,
    })
}
