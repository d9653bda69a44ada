import { z } from 'zod'

/** `data.items[0].id`: member names with dots, list positions in brackets. */
const PATH = /^[^.[\]]+(\.[^.[\]]+|\[\d+\])*$/

export const JsonPath = z.string().max(300).regex(PATH, 'Write it like data.items[0].id').meta({ placeholder: 'data.items[0].id' })

const partsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map((match) => (match[1] === undefined ? match[0] : Number(match[1])))

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path; `undefined` when a part is missing. Only own members are seen. An empty path is the value itself. */
export function readJsonPath(value: unknown, path: string): unknown {
  let current = value
  for (const part of partsOf(path)) {
    if (Array.isArray(current) && typeof part === 'number') current = current[part]
    else if (isObject(current) && Object.hasOwn(current, part)) current = current[part]
    else return undefined
  }
  return current
}

/** Text by which two values are the same exactly when their JSON is, whatever the order of members. */
export function sameness(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sameness).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value ?? null)
  const members = Object.keys(value).filter((key) => value[key] !== undefined)
  return `{${members
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${sameness(value[key])}`)
    .join(',')}}`
}
