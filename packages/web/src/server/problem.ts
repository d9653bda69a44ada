import { isJsonObject } from '@couplet/core'

/** An error as people read it: what happened, why, what to do; `traceId` is what to quote. */
export type ReadableProblem = {
  message: string
  hint?: string
  code?: string
  fields?: Record<string, string>
  traceId?: string
  status?: number
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const fieldsOf = (value: unknown): Record<string, string> | undefined => {
  if (!isJsonObject(value)) return undefined
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

/** Reads anything thrown or stored as a fault: the API's problem documents, faults of runs, network errors. */
export function problemOf(thrown: unknown): ReadableProblem {
  const source =
    isJsonObject(thrown) && isJsonObject(thrown['problem'])
      ? thrown['problem']
      : isJsonObject(thrown) && isJsonObject(thrown['facts'])
        ? thrown['facts']
        : thrown
  if (thrown instanceof TypeError && /fetch|network|load failed/i.test(thrown.message))
    return {
      message: 'Couplet does not answer.',
      hint: 'Check that the server is running and that this computer is online, then try again.',
      code: 'network.unreachable',
    }
  if (!isJsonObject(source))
    return {
      message: thrown instanceof Error ? thrown.message : 'Something went wrong.',
      hint: 'Try again. If it stays, look at the log of the server.',
    }
  const message =
    textOf(source['message']) ??
    textOf(source['detail']) ??
    textOf(source['title']) ??
    (thrown instanceof Error ? thrown.message : 'Something went wrong.')
  const hint = textOf(source['hint'])
  const code = textOf(source['code'])
  const traceId = textOf(source['traceId'])
  const fields = fieldsOf(source['fields'])
  const status = typeof source['status'] === 'number' ? source['status'] : undefined
  return {
    message,
    ...(hint ? { hint } : {}),
    ...(code ? { code } : {}),
    ...(traceId ? { traceId } : {}),
    ...(fields ? { fields } : {}),
    ...(status === undefined ? {} : { status }),
  }
}
