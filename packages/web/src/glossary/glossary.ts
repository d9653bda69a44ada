import type { GlossaryTerm } from './term.ts'
import { COUPLET_TERMS } from './terms-couplet.ts'
import { WEB_TERMS } from './terms-web.ts'

const ALL = { ...COUPLET_TERMS, ...WEB_TERMS }
export type TermId = keyof typeof ALL

/** Every word by its id: the one place screens take explanations from. */
export const GLOSSARY: Readonly<Record<TermId, GlossaryTerm>> = ALL

export const isTermId = (id: string): id is TermId => Object.hasOwn(GLOSSARY, id)

export const TERM_IDS: readonly TermId[] = Object.keys(ALL)
  .filter(isTermId)
  .toSorted((left, right) => GLOSSARY[left].term.localeCompare(GLOSSARY[right].term))

/** Words that fit what was typed: in their name, another spelling, or their meaning; best first. */
export function findTerms(typed: string): readonly TermId[] {
  const asked = typed.trim().toLowerCase()
  if (asked === '') return TERM_IDS
  const rank = (id: TermId): number => {
    const { term, also, short, more } = GLOSSARY[id]
    if (term.toLowerCase().startsWith(asked)) return 4
    if (also?.some((other) => other.toLowerCase().startsWith(asked))) return 3
    if (term.toLowerCase().includes(asked)) return 2
    return `${short} ${more ?? ''}`.toLowerCase().includes(asked) ? 1 : 0
  }
  return TERM_IDS.filter((id) => rank(id) > 0).toSorted((left, right) => rank(right) - rank(left))
}
