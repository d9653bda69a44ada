import { describe, expect, test } from 'vitest'
import { heyzine as declared } from './connector.ts'
import { readFault } from './fault.ts'
import { heyzineCases } from './cases.ts'
import { heyzine } from './index.ts'
import { planHints } from './plan-hints.ts'
import { designBody } from './schemas/design.ts'
import { FlipbookReply, SAMPLE_ID, toFlipbook, toFlipbookDetails } from './schemas/flipbook.ts'
import { tagsFromText, tagsToText } from './schemas/tags.ts'
import { leadReceived } from './triggers/lead-received.ts'

const answer = (path: string, body: unknown, status = 200, headers: Record<string, string> = {}) =>
  readFault({ status, headers, body, method: 'POST', path })
const no = (code: number, msg: string) => ({ success: false, code, msg })

const RETRY_AT = { date: 'Sat, 21 Mar 2026 10:00:00 GMT', 'retry-after': 'Sat, 21 Mar 2026 10:01:30 GMT' }

describe('declaration', () => {
  test.each(heyzine.actions.map((action) => [action.id, action] as const))('%s: samples parse, rejects do not', (_, action) => {
    for (const sample of action.samples) expect(action.output.parse(sample)).toEqual(sample)
    for (const { input, because } of action.rejects ?? []) expect(action.input.safeParse(input).success, because).toBe(false)
  })
  test('the sample of the trigger parses', () => {
    for (const sample of leadReceived.samples) expect(leadReceived.output.parse(sample)).toEqual(sample)
  })
  test('every action has a contract case, at least one of them a success', () => {
    for (const action of heyzine.actions.filter(({ id }) => id !== 'heyzine.access.remove')) {
      const list = heyzineCases.find(({ operation }) => operation.id === action.id)
      expect(
        list?.cases.some((single) => single.expect !== undefined),
        action.id,
      ).toBe(true)
    }
    expect(heyzineCases.map(({ operation }) => operation.id).toSorted()).toEqual(heyzine.actions.map(({ id }) => id).toSorted())
  })
  test('sentences name the connection', () => {
    for (const operation of [...heyzine.actions, ...heyzine.triggers]) expect(operation.phrase).toContain('{connection}')
  })
})

describe('what was typed', () => {
  const clientId = '1a2b3c4d5e6f7a8b'
  const apiKey = `${'0f'.repeat(20)}.${clientId}`
  const check = (id: string, key: string) =>
    declared.spec.checkEntered?.({ facts: { clientId: id, plan: 'unknown' }, secrets: { apiKey: key } })
  test('a key and the id it ends in belong together', () => expect(check(clientId, apiKey)).toBeUndefined())
  test('a key of another account is seen offline', () => expect(check('ffffffffffffffff', apiKey)).toHaveProperty('apiKey'))
  test('the key in the place of the id is recognised', () => expect(check(apiKey, apiKey)?.['clientId']).toContain('API key'))
  test('a short key is refused', () => expect(check(clientId, 'abc')).toHaveProperty('apiKey'))
  test('the Free plan is warned before the sixth flipbook', () => {
    expect(planHints('free', 5)[0]).toContain('one more removes the oldest')
    expect(planHints('premium', 900)).toEqual([])
  })
})

describe('answers', () => {
  test('a success is no fault: lists, details, writes', () => {
    expect(answer('/flipbook-list', [])).toBeUndefined()
    expect(answer('/flipbook-details', { id: SAMPLE_ID })).toBeUndefined()
    expect(answer('/flipbook-design', { success: true, code: 200, msg: 'Flipbook updated' })).toBeUndefined()
    expect(answer('/async', { id: SAMPLE_ID, state: 'started' })).toBeUndefined()
  })
  test.each([
    ['/flipbook-list', no(403, 'Invalid user or api key'), 'auth-expired', 'heyzine.key_refused'],
    ['/flipbook-details', no(403, 'Unauthorized'), 'not-found', 'heyzine.unknown_id'],
    ['/bookshelf-flipbooks', no(403, 'Unauthorized'), 'not-found', 'heyzine.unknown_id'],
    ['/flipbook-replace', no(403, 'Private API endpoint, write to support@heyzine.com'), 'rejected', 'heyzine.replace_not_enabled'],
    ['/flipbook-replace', no(422, 'not a direct file link'), 'rejected', 'heyzine.source_refused'],
    ['/rest', no(422, 'cannot fetch'), 'rejected', 'heyzine.source_refused'],
    ['/bookshelf-list', no(403, 'This requires a plan with bookshelves'), 'rejected', 'heyzine.plan_too_low'],
    ['/flipbook-design', no(400, 'url_path has invalid characters'), 'rejected', 'heyzine.rejected'],
    ['/async', { id: SAMPLE_ID, state: 'failed' }, 'rejected', 'heyzine.conversion_failed'],
  ])('%s under HTTP 200: %j is %s', (path, body, kind, code) => {
    const fault = answer(path, body)
    expect(fault).toMatchObject({ kind, code })
    expect(fault?.message).not.toBe('')
  })
  test('the source field is marked when the document is refused', () => {
    expect(answer('/async', { state: 'failed' })?.fields).toHaveProperty('pdf')
  })
  test('an HTML 404 is a wrong address, an HTML 500 an outage', () => {
    expect(answer('/limits', '<html>Not found</html>', 404)).toMatchObject({ kind: 'bug' })
    expect(readFault({ status: 500, headers: {}, body: '<html>', method: 'PATCH', path: '/flipbook-design' })).toMatchObject({
      kind: 'unavailable',
      hint: expect.stringContaining('private note'),
    })
  })
  test.each([
    [429, 'throttled'],
    [503, 'unavailable'],
    // Its refusals arrive under HTTP 200.
    [200, 'throttled'],
  ])('HTTP %i waits as long as Heyzine says, in seconds or by a date', (status, kind) => {
    const body = status === 200 ? no(429, 'Too many requests') : ''
    expect(answer('/flipbook-list', body, status, { 'retry-after': '7' })).toMatchObject({ kind, retryAfterMs: 7_000 })
    expect(answer('/flipbook-list', body, status, RETRY_AT)).toMatchObject({ kind, retryAfterMs: 90_000 })
  })
})

describe('tags and texts', () => {
  test('a comma becomes a space, blanks and doubles go', () =>
    expect(tagsToText(['ghl', 'Spring,  launch', ' ', 'ghl'])).toBe('ghl,Spring launch'))
  test('reading back gives the list that was set', () =>
    expect(tagsFromText(tagsToText(['a', 'link:abc', 'b c']))).toEqual(['a', 'link:abc', 'b c']))
  test('an empty text is sent as one space, an absent one not at all', () => {
    expect(JSON.parse(JSON.stringify(designBody({ title: '', privateNote: 'n', tags: ['a', 'b'] })))).toEqual({
      title: ' ',
      private_note: 'n',
      tags: 'a,b',
    })
  })
  test('details may lack everything but the id', () => {
    expect(toFlipbookDetails(FlipbookReply.parse({ id: SAMPLE_ID, title: ' ', tags: null, links: null }))).toMatchObject({
      id: SAMPLE_ID,
      title: '',
      tags: [],
      tagsText: '',
    })
    expect(
      toFlipbook(FlipbookReply.parse({ id: SAMPLE_ID, links: { custom: null, base: 'https://heyzine.com/flip-book/1a2b3c4d5e.html' } }))
        .url,
    ).toContain('1a2b3c4d5e')
  })
})

describe('leads', () => {
  const lead = (second: string) => ({
    date: '2026-09-15T09:58:12Z',
    first_value: 'Ann',
    second_value: second,
    flipbook: { id: SAMPLE_ID, title: 'Guide' },
    answer: [{ label: 'Name', value: 'Ann' }],
  })
  const delivery = (...leads: unknown[]) => ({ data: { id_webhook: 'wh_1', date: '2026-09-15T10:00:00Z', leads } })
  const facts = (body: unknown, flipbookId?: string) =>
    leadReceived.push?.facts({
      input: { flipbookId },
      connection: { clientId: 'x', plan: 'unknown' },
      topic: 'leads',
      body,
      bodySha256: 'b',
      receivedAt: '2026-09-15T10:00:01Z',
    }) ?? []

  test('a batch gives one fact for each lead, each with its own key', () => {
    const batch = facts(delivery(lead('ann@example.com'), lead('bea@example.com')))
    expect(batch).toHaveLength(2)
    expect(new Set(batch.map(({ key }) => key)).size).toBe(2)
    for (const { data } of batch) expect(leadReceived.output.safeParse(data).success).toBe(true)
  })
  test('the same lead in another delivery has the same key', () => {
    expect(facts(delivery(lead('ann@example.com')))[0]?.key).toBe(facts(delivery(lead('bea@example.com'), lead('ann@example.com')))[1]?.key)
  })
  test('leads of other flipbooks are left out when one is chosen', () =>
    expect(facts(delivery(lead('a')), `${'b'.repeat(40)}.pdf`)).toEqual([]))
  test('what is no leads delivery gives nothing and has no topic', () => {
    expect(facts({ hello: 1 })).toEqual([])
    expect(declared.spec.webhooks?.topic({ headers: {}, body: { hello: 1 } })).toBe('unknown')
  })
})
