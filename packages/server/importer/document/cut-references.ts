import { isJsonObject } from '@couplet/core'
import type { LeftOut } from '../facts.ts'

/** What names the places in a document that hold data, not descriptions: a `$ref` there is a value like any other. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const'])
const TOLD_MAX = 200

const unescaped = (part: string): string => {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}

function isThere(root: unknown, reference: string): boolean {
  let at: unknown = root
  for (const part of reference === '#' || reference === '#/' ? [] : reference.slice(2).split('/').map(unescaped)) {
    if (!(isJsonObject(at) || Array.isArray(at)) || !Object.hasOwn(at, part)) return false
    at = Reflect.get(at, part)
  }
  return true
}

/**
 * Takes out of a document every reference that must not or cannot be followed: to another file, to an address, or to nothing. In its place an empty
 * description stays. Changes the document; answers what was cut.
 */
export function cutReferences(root: Record<string, unknown>): LeftOut[] {
  const leftOut: LeftOut[] = []
  const seen = new Set<object>()
  const open: { value: unknown; place: string }[] = [{ value: root, place: '' }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, place } = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (Array.isArray(value)) {
      value.forEach((item, index) => open.push({ value: item, place: `${place}/${index}` }))
      continue
    }
    if (!isJsonObject(value)) continue
    const reference = value['$ref']
    if (typeof reference === 'string' && reasonAgainst(root, reference) !== undefined) {
      if (leftOut.length < TOLD_MAX) leftOut.push({ place: place.slice(1), reason: reasonAgainst(root, reference) ?? '' })
      for (const key of Object.keys(value)) delete value[key]
      continue
    }
    for (const [key, part] of Object.entries(value)) if (!DATA.has(key)) open.push({ value: part, place: `${place}/${key}` })
  }
  return leftOut
}

function reasonAgainst(root: unknown, reference: string): string | undefined {
  if (!reference.startsWith('#'))
    return 'It refers to another file or address, and those are never opened. What lies there is open in the form.'
  return isThere(root, reference) ? undefined : `It refers to ${reference.slice(0, 120)}, which is not in the file.`
}
