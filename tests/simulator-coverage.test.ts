import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OPERATION_ROWS } from '../packages/connectors/highlevel/operation-table.ts'
import { casesWithActions, openCaseRunner } from './support/case-runner.ts'
import type { RecordedCall } from './support/recorded-call.ts'
import { publishedMisfits } from './support/published-replies.ts'
import { findPublished, hasVendorFiles, misfits, type PublishedOperation, publishedOperations } from './support/vendor-openapi.ts'
import { startVendorSandbox } from './support/vendor-sandbox.ts'

type CaseCall = RecordedCall & { connector: string; case: string }

/** Areas of HighLevel's files that Couplet calls. */
const AREAS = ['social-media-posting', 'social-planner', 'contacts', 'locations', 'users', 'medias']
const CASES_TIMEOUT_MS = 120_000

let calls: CaseCall[] = []
const ofHighlevel = (): CaseCall[] => calls.filter(({ connector }) => connector === 'highlevel')

/** What each simulated vendor answers where the contract knows no operation. */
const isUnserved = ({ status, answer = '' }: Pick<RecordedCall, 'status' | 'answer'>): boolean =>
  status === 404 &&
  (/"Cannot (?:GET|POST|PUT|PATCH|DELETE) \//.test(answer) ||
    answer.includes('This page does not exist.') ||
    /^\{"message":"Not found"\}$/.test(answer))

beforeAll(async () => {
  await using runner = await openCaseRunner()
  for (const { list, action } of casesWithActions)
    for (const one of list.cases) {
      const { calls: made } = await runner.run(list, one)
      calls.push(...made.map((call) => ({ ...call, connector: action.connector, case: `${action.id}: ${one.name}` })))
    }
}, CASES_TIMEOUT_MS)
afterAll(() => {
  calls = []
})

describe('the calls of all contract cases', () => {
  test('reach every simulated vendor', () => {
    for (const connector of ['highlevel', 'heyzine', 'payaca']) expect(calls.some((call) => call.connector === connector)).toBe(true)
  })

  test('are all served by the simulators', () => {
    expect(calls.filter(isUnserved).map((call) => `${call.method} ${call.url.pathname} (${call.case})`)).toEqual([])
  })

  test('are all answered', () => {
    expect(calls.filter(({ status }) => status === undefined).map((call) => `${call.method} ${call.url.pathname} (${call.case})`)).toEqual(
      [],
    )
  })

  test('would be noticed if a simulator did not serve them', async () => {
    await using sandbox = await startVendorSandbox()
    for (const connector of ['highlevel', 'heyzine', 'payaca']) {
      const { connection, url } = sandbox.vendor(connector)
      const { facts, secrets } = connection
      const authorization = secrets['clientSecret']
        ? `Basic ${Buffer.from(`${facts['clientId']}:${secrets['clientSecret']}`).toString('base64')}`
        : `Bearer ${secrets['token'] ?? secrets['apiKey']}`
      const response = await fetch(`${url}/no/such/operation`, { headers: { authorization, version: '2021-07-28' } })
      expect(isUnserved({ status: response.status, answer: await response.text() }), connector).toBe(true)
    }
  })
})

describe.skipIf(!hasVendorFiles)("HighLevel's published OpenAPI files (skipped where they are not beside the repository)", () => {
  const published: Record<'v2' | 'v3', PublishedOperation[]> = { v2: [], v3: [] }
  const generation = (version: string | undefined) => (version === 'v3' ? 'v3' : 'v2')
  beforeAll(async () => {
    published.v2 = await publishedOperations('v2', AREAS)
    published.v3 = await publishedOperations('v3', AREAS)
  })

  test('know every call of the contract cases', () => {
    const unknown = ofHighlevel().filter(
      (call) => !findPublished(published[generation(call.headers['version'])], call.method, call.url.pathname),
    )
    expect(unknown.map((call) => `${call.method} ${call.url.pathname} ${call.headers['version']} (${call.case})`)).toEqual([])
  })

  test('accept version, query and body of every call the vendor is not meant to refuse', () => {
    const found = ofHighlevel()
      .filter(({ status }) => status !== 400 && status !== 422)
      .flatMap((call) => {
        const operation = findPublished(published[generation(call.headers['version'])], call.method, call.url.pathname)
        return operation ? misfits(operation, call).map((why) => `${operation.name}: ${why} (${call.case})`) : []
      })
    expect(found).toEqual([])
  })

  test('describe every answer a hand-made action got, as the simulated vendor gave it', () => {
    const done = ofHighlevel().filter(({ status = 0 }) => status >= 200 && status < 300)
    const checked = done.map((call) => ({ call, misfits: publishedMisfits(call) }))
    expect(
      checked.flatMap(({ call, misfits: found }) =>
        (found ?? []).map((why) => `${call.method} ${call.url.pathname}: ${why} (${call.case})`),
      ),
    ).toEqual([])
    expect(checked.filter(({ misfits: found }) => found !== undefined).length).toBeGreaterThan(60)
  })

  test('would tell of an answer with a wrong status, a missing member or a wrong type', () => {
    const call = { method: 'GET', url: new URL('http://127.0.0.1/social-media-posting/x/tags'), headers: { version: '2021-07-28' } }
    const answer = (results: unknown) => JSON.stringify({ success: 'yes', statusCode: 200, message: 'Fetched', results })
    expect(publishedMisfits({ ...call, status: 201, answer: answer({}) })).toEqual([expect.stringContaining('answered 201')])
    expect(publishedMisfits({ ...call, status: 200, answer: answer({ tags: {} }) })).toEqual(
      expect.arrayContaining([expect.stringContaining('/success must be boolean'), expect.stringContaining('/results/tags must be array')]),
    )
    expect(publishedMisfits({ ...call, status: 200, answer: '{}' })).toEqual(
      expect.arrayContaining([expect.stringContaining("required property 'success'")]),
    )
  })

  test('know every operation of the explorer, at the same path and version', () => {
    const unknown = OPERATION_ROWS.filter((row) => {
      const operation = findPublished(published[generation(row.version)], row.method, row.path)
      return (
        !operation ||
        operation.operationId !== row.id.replace(/^v3:/, '') ||
        !(operation.versions.length === 0 || operation.versions.includes(row.version))
      )
    })
    expect(unknown.map(({ id, method, path, version }) => `${id}: ${method} ${path} ${version}`)).toEqual([])
  })

  test('name the permissions that the explorer names', () => {
    const differing = OPERATION_ROWS.flatMap((row) => {
      const scopes = findPublished(published[generation(row.version)], row.method, row.path)?.scopes ?? []
      const isKnown = scopes.length === 0 || row.scopes.some((scope) => scopes.includes(scope))
      return isKnown ? [] : [`${row.id}: ${row.scopes.join(', ')} instead of ${scopes.join(', ')}`]
    })
    expect(differing).toEqual([])
  })

  test('would tell of a body, a query or a version that does not fit', () => {
    const operation = findPublished(published.v2, 'POST', '/social-media-posting/x/posts/list')
    const url = new URL('http://127.0.0.1/social-media-posting/x/posts/list')
    const body = {
      type: 'all',
      accounts: '',
      skip: 0,
      limit: '10',
      fromDate: '2026-01-01',
      toDate: '2026-02-01',
      includeUsers: 'true',
      sort: 'up',
    }
    expect(operation && misfits(operation, { url, headers: { version: 'v3' }, body: JSON.stringify(body) })).toEqual([
      expect.stringContaining('Version is v3'),
      expect.stringContaining('skip'),
      'the property sort is not published',
    ])
  })
})
