import type { ImportPreview } from '@couplet/api'

type Row = ImportPreview['operations'][number]

/** What a repeat does, as a person chooses it in the review. */
const REPEAT_CHOICES: readonly { value: Row['effect']; label: string; hint: string }[] = [
  { value: 'read', label: 'Only reads', hint: 'Changes nothing; may be asked as often as needed.' },
  { value: 'harmless', label: 'A repeat is harmless', hint: 'Sets whole values: sending it again leaves the same.' },
  { value: 'never', label: 'Never repeat blindly', hint: 'Sending it twice would do it twice.' },
]
const KEYED = { value: 'keyed' as const, label: 'Has a key against repeats', hint: 'The vendor recognises a repeat by a header.' }

export const repeatChoices = (row: Row): readonly { value: Row['effect']; label: string; hint: string }[] =>
  row.keyHeader === undefined ? REPEAT_CHOICES : [KEYED, ...REPEAT_CHOICES]

export const CHANGE_WORDS: Readonly<Record<Row['change'], string>> = {
  new: 'New',
  changed: 'Changed',
  same: 'As before',
  gone: 'Not in the file any more',
}

/** `API key in the header X-Key`. */
export function signInWords(signIn: { kind: string; title?: string | undefined }): string {
  return signIn.kind === 'none' ? 'Without signing in' : (signIn.title ?? signIn.kind)
}

/** Reasons with the places they are about, most frequent first. */
export function byReason(leftOut: readonly { place: string; reason: string }[]): readonly { reason: string; places: readonly string[] }[] {
  const places = new Map<string, string[]>()
  for (const { place, reason } of leftOut) places.set(reason, [...(places.get(reason) ?? []), place])
  return [...places].map(([reason, of]) => ({ reason, places: of })).toSorted((left, right) => right.places.length - left.places.length)
}
