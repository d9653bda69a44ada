import { connectors, highlevel } from '@couplet/connectors'
import { createRegistry, operationShape } from '@couplet/connector-sdk'
import { expect, test } from 'vitest'
import { BLOCKED } from '../packages/connectors/highlevel/catalogue/counterparts.ts'
import { loadFacts } from '../packages/connectors/highlevel/catalogue/load.ts'
import { openCaseRunner } from './support/case-runner.ts'
import { catalogueInputs } from './support/catalogue-inputs.ts'
import { misfitsOf } from './support/published-answer.ts'

const TIMEOUT_MS = 90_000
const PREFIX = 'highlevel.'

/** Its operations need queues, comments and logins that belong together: see `every-social-operation.test.ts`. */
const TOGETHER = /^social-media-posting\./
/** Operations that want a token of the agency, which a connection to a sub-account does not have. */
const OF_THE_AGENCY = new Set(['oauth.get-installed-location'])

const registry = createRegistry(connectors)

/** Reads first, then writes, then deletes from the leaves to the stem: no operation takes away what a later one needs. */
function inOrder(): { id: string; own: string }[] {
  const rank = (own: string): number => {
    const { facts } = loadFacts(own) ?? {}
    return facts?.method === 'DELETE' ? 100 - facts.path.split('/').length : facts?.effect === 'read' ? 0 : 1
  }
  return (highlevel.lazy?.words() ?? [])
    .flatMap(({ kind, id }) => (kind === 'action' ? [{ id, own: id.slice(PREFIX.length) }] : []))
    .filter(({ own }) => !(own in BLOCKED) && !OF_THE_AGENCY.has(own) && !TOGETHER.test(own))
    .toSorted((a, b) => rank(a.own) - rank(b.own))
}

test(
  'every operation of the catalogue, performed by the engine, is answered by the simulated HighLevel in the form the vendor publishes',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    await using runner = await openCaseRunner()
    const vendor = await runner.begin('highlevel')
    const inputs = await catalogueInputs(vendor)
    const wrong: string[] = []
    const operations = inOrder()
    for (const { id, own } of operations) {
      const action = registry.action(id, 1)
      if (!action) throw new Error(`There is no ${id}`)
      const input = inputs.for(own, operationShape(action, false).input)
      const { outcome, calls } = await vendor.run({ operation: { id, version: 1 }, cases: [] }, { name: id, input })
      const last = calls.at(-1)
      if (outcome.kind === 'fault') wrong.push(`${id}: ${outcome.fault.message} ${last?.answer ?? ''}`)
      else wrong.push(...misfitsOf(own, last).map((why) => `${id}: ${why}`))
    }
    expect(wrong).toEqual([])
    expect(operations.length).toBeGreaterThan(550)
  },
)
