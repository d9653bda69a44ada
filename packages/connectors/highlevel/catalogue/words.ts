import type { VendorFact } from '@couplet/connector-sdk'
import { BLOCKED, COUNTERPARTS } from './counterparts.ts'
import { effectOf, isReviewed } from './effect.ts'
import type { IndexRow } from './facts.ts'
import { moduleOf } from './modules.ts'
import { SUMMARIES } from './summaries.ts'
import { titleByRule } from './title-rule.ts'
import { TITLES_PEOPLE } from './titles-people.ts'
import { TITLES_REACH } from './titles-reach.ts'
import { TITLES_WORK } from './titles-work.ts'

const BY_HAND: Readonly<Record<string, string>> = { ...TITLES_PEOPLE, ...TITLES_WORK, ...TITLES_REACH }

/** Operations whose title was written by hand. */
export const TITLED_BY_HAND: readonly string[] = Object.keys(BY_HAND)

const OLD = /-deprecated$/

/** The operation that takes the place of an outdated one; its name is the same without the ending. */
const successorOf = (id: string): string | undefined => (OLD.test(id) ? id.replace(OLD, '') : undefined)

function titleOf(row: IndexRow): string {
  const successor = successorOf(row.id)
  const own = BY_HAND[row.id] ?? (successor === undefined ? undefined : BY_HAND[successor])
  const title = own ?? titleByRule(row)
  return successor === undefined ? title : `${title} (older address)`
}

/** `List calendars` as `Lists calendars`. */
function thirdPerson(title: string): string {
  const [verb = '', ...rest] = title.split(' ')
  const ending = /(s|sh|ch|x|o)$/.test(verb) ? 'es' : 's'
  const third = /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}${ending}`
  return [third, ...rest]
    .join(' ')
    .replace(/^(\w+) or (create|change)\b/i, (_whole, first: string, second: string) => `${first} or ${second}s`)
}

function summaryOf(row: IndexRow, title: string): string {
  const does = SUMMARIES[row.id] ?? `${thirdPerson(title.replace(/ \([^)]*\)$/, ''))} in HighLevel.`
  if (row.items !== undefined && row.paging !== undefined && row.paging !== 'single') return `${does} One call gives one page.`
  if (row.effect === 'never') return `${does} It is not sent a second time without a person.`
  return does
}

export type CatalogueWords = {
  id: `highlevel.${string}`
  version: 1
  title: string
  summary: string
  phrase: string
  group: string
  facts: readonly VendorFact[]
  address: string
  deprecated?: { use: string; since: string }
  isOutputDeduced?: true
}

/** An operation of the catalogue in our words: by hand where it is in the tables, else by rule. */
export function wordsOf(row: IndexRow): CatalogueWords {
  const title = titleOf(row)
  const instead = COUNTERPARTS[row.id] ?? (row.isDeprecated ? `highlevel.${successorOf(row.id) ?? row.id}` : undefined)
  const use = instead === `highlevel.${row.id}` ? undefined : instead
  return {
    id: `highlevel.${row.id}`,
    version: 1,
    title,
    summary: summaryOf(row, title),
    phrase: `${title.charAt(0).toLowerCase()}${title.slice(1)} in {connection}`,
    group: moduleOf(row.module).group,
    facts: factsOf(row),
    address: `${row.method} ${row.path}`,
    ...(row.isReplyAssumed ? { isOutputDeduced: true } : {}),
    ...(use === undefined ? {} : { deprecated: { use, since: '0.1.0' } }),
  }
}

function factsOf(row: IndexRow): VendorFact[] {
  const facts: VendorFact[] = [{ mark: 'CONFIRMED', text: `${row.method} ${row.path}, API version ${row.version}.` }]
  if (row.method === 'POST' && row.effect === 'read') facts.push({ mark: 'CONFIRMED', text: 'It only reads, although it is a POST.' })
  if (row.areScopesAssumed)
    facts.push({
      mark: 'ASSUMED',
      text: `HighLevel names no permission for it; like its neighbours it is taken to need ${row.scopes.join(', ')}.`,
    })
  if (row.scopes.length === 0) facts.push({ mark: 'ASSUMED', text: 'HighLevel names no permission for it; none is asked for.' })
  if (row.isReplyAssumed)
    facts.push({
      mark: 'ASSUMED',
      text: 'HighLevel does not describe the answer as it comes; the members shown here are deduced. Test the step before mapping them.',
    })
  if (row.isDeprecated) facts.push({ mark: 'CONFIRMED', text: 'HighLevel marks it as outdated.' })
  const effect = effectOf(row)
  if (effect.kind === 'write' && effect.resend === 'harmless')
    facts.push({
      mark: 'ASSUMED',
      text: `That a repeat does no harm was ${isReviewed(row.id) ? 'reviewed by hand' : 'deduced by rule'} from what the call does; it has not been tried against a live account.`,
    })
  const blocked = BLOCKED[row.id]
  if (blocked !== undefined) facts.push({ mark: 'CONFIRMED', text: blocked })
  return facts
}
