/** A word with its meaning. `also`: other spellings people search for. `see`: ids of words it leans on. */
export type GlossaryTerm = {
  term: string
  group: 'Couplet' | 'APIs' | 'Access' | 'Events' | 'Limits and faults' | 'Social media'
  also?: readonly string[]
  /** One sentence; shown where the word appears. */
  short: string
  /** What follows from it in Couplet, or an example. Shown in the glossary. */
  more?: string
  see?: readonly string[]
}
