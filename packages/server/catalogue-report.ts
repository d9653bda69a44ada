import { type AnyOperation, type CatalogueCounts, type CatalogueStats, catalogueStats, type Registry } from '@couplet/connector-sdk'

/** Vendors that have a simulator. */
const SIMULATED = new Set(['highlevel', 'heyzine', 'payaca'])

/** Two names of one event: on its page, and in its body. */
const ALSO_CALLED: Readonly<Record<string, string>> = { ConversationUnreadWebhook: 'ConversationUnreadUpdate' }

/** What proves that the sandbox answers: operations with contract cases, ids served from HighLevel's published files, events that can be fired. */
export type Simulated = { withCases: ReadonlySet<string>; served: ReadonlySet<string>; events: ReadonlySet<string> }

/** Whether the sandbox answers an operation. What needs no vendor needs no simulator. */
const simulatedCheck =
  ({ withCases, served, events }: Simulated) =>
  (operation: AnyOperation): boolean => {
    if (!SIMULATED.has(operation.connector)) return operation.connector === 'builtin'
    if (operation.kind === 'action') return withCases.has(operation.id) || served.has(operation.id)
    const topics = operation.connector === 'highlevel' ? (operation.push?.topics ?? []) : []
    return topics.every((topic) => topic === 'unnamed' || events.has(ALSO_CALLED[topic] ?? topic))
  }

/** Everything of an installation, counted. Makes every operation once: about a second. */
export const reportOf = (registry: Registry, simulated: Simulated): CatalogueStats => catalogueStats(registry, simulatedCheck(simulated))

const COLUMNS: readonly (readonly [string, keyof CatalogueCounts])[] = [
  ['actions', 'actions'],
  ['triggers', 'triggers'],
  ['typed', 'typed'],
  ['of these deduced', 'deduced'],
  ['simulated', 'simulated'],
  ['effect known', 'effectKnown'],
  ['choices', 'withChoices'],
  ['assumptions', 'withAssumptions'],
]

/** A table with a line for each part and one for all: `head` names the first column. */
export function catalogueTable(head: string, parts: Readonly<Record<string, CatalogueCounts>>, total?: CatalogueCounts): string[][] {
  const row = (name: string, counts: CatalogueCounts): string[] => [name, ...COLUMNS.map(([, key]) => String(counts[key]))]
  return [
    [head, ...COLUMNS.map(([title]) => title)],
    ...Object.entries(parts).map(([name, counts]) => row(name, counts)),
    ...(total === undefined ? [] : [row('all', total)]),
  ]
}

/** The counts as a page of the documentation. */
export function cataloguePage(stats: CatalogueStats): string {
  const markdown = ([head = [], ...lines]: string[][]): string =>
    [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const { total, byConnector, byModule, byEffect, identifiers } = stats
  const without = Object.entries(identifiers.withoutList).toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return `# The catalogue in numbers

Written by \`node scripts/catalogue-page.ts\`; the same numbers come from \`couplet catalogue stats\`. A test fails when this page is out of date.

${total.operations} operations: ${total.actions} actions and ${total.triggers} triggers.

- **typed**: what it gives to the next step is described member by member.
- **of these deduced**: the vendor does not describe the answer as it comes, neither in its files nor in its SDK; the members are deduced, marked ASSUMED, and worth a test before they are mapped.
- **simulated**: the sandbox answers it, in the form the vendor publishes, or it needs no vendor.
- **effect known**: it only reads, or it says why a repeat is safe or is not.
- **choices**: at least one field is picked by name from a list that is read at the vendor.
- **assumptions**: something said about it is only assumed; its page in the explorer says what.

Each of the 58 webhook events that HighLevel publishes starts flows. 52 stand under the headings that begin with "Events"; the five about contacts (created,
changed, deleted, tags changed, do-not-disturb changed) and that an opportunity is created are finished triggers, so that nothing is there twice.

## By connector

${markdown(catalogueTable('connector', byConnector, total))}

## What a call does if it is sent twice

${markdown([['effect', 'operations'], ...Object.entries(byEffect).map(([effect, count]) => [effect, String(count)])])}

## Fields that take an id

${identifiers.withList} are picked by name. Of the others, ids that no list of a vendor names, most belong to advertising networks, to a session under way or to
an answer of another step: ${without.map(([name, count]) => (count === 1 ? name : `${name} (${count})`)).join(', ')}.

## By heading

${markdown(catalogueTable('heading', byModule))}
`
}
