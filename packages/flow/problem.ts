import { isJsonObject } from '@couplet/core'
import type { Edit } from './edits.ts'
import { type DataPath, placeOf } from './place.ts'

/** Something wrong with a flow, for the problems list: what, where, what to do, and an edit that does it when there is one. */
export type Problem = {
  severity: 'error' | 'warning'
  /** `family.reason`, stable. */
  code: string
  path: (string | number)[]
  /** The path as text: `steps[2].input.tags`. */
  place: string
  stepId?: string
  message: string
  hint?: string
  fix?: Edit
}

export type ProblemWords = Pick<Problem, 'severity' | 'code' | 'message'> & { hint?: string | undefined; fix?: Edit | undefined }

/** A problem at a path; the step is the innermost one on the way there in `definition` (which may be any JSON). */
export function problemAt(definition: unknown, path: DataPath, { severity, code, message, hint, fix }: ProblemWords): Problem {
  const stepId = stepOnPath(definition, path)
  return {
    severity,
    code,
    path: [...path],
    place: placeOf(path),
    ...(stepId === undefined ? {} : { stepId }),
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
  }
}

function stepOnPath(definition: unknown, path: DataPath): string | undefined {
  let current: unknown = definition
  let found: string | undefined
  for (const [index, part] of path.entries()) {
    if (Array.isArray(current) && typeof part === 'number') {
      current = current[part]
      const list = path[index - 1]
      if (isJsonObject(current) && typeof current['id'] === 'string' && (list === 'steps' || list === 'otherwise' || list === 'onFailure'))
        found = current['id']
    } else if (isJsonObject(current) && Object.hasOwn(current, part)) current = current[part]
    else return found
  }
  return found
}
