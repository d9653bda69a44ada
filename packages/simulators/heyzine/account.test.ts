import { readPath } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { HEYZINE_FREE } from './credentials.ts'
import { UNAUTHORIZED, textAt, useHeyzine } from './test-world.ts'

describe.each(['off', 'on'] as const)('heyzine account, strict %s', (strict) => {
  const at = useHeyzine(strict)
  const isStrict = strict === 'on'
  const { setting, act, advance, convert, details, list, sampleId } = at

  describe('bookshelves', () => {
    test('the list counts flipbooks, and positions start at zero', async () => {
      const shelves = (await at.world.call('GET', '/bookshelf-list')).body
      expect(shelves).toHaveLength(3)
      expect(textAt(shelves, 0, 'id')).toMatch(/^[0-9a-f]{40}$/)
      const items = (await at.world.call('GET', `/bookshelf-flipbooks?id=${textAt(shelves, 0, 'id')}`)).body
      expect(items).toHaveLength(Number(readPath(shelves, [0, 'flipbook_count'])))
      expect(Array.isArray(items) ? items.map((item) => readPath(item, ['position'])) : []).toEqual([0, 1, 2])
      expect((await at.world.visit(textAt(shelves, 0, 'links', 'url'))).text).toContain('Guides for homeowners')
      expect((await at.world.call('GET', `/bookshelf-flipbooks?id=${textAt(shelves, 0, 'id').slice(0, 10)}`)).body).toEqual(UNAUTHORIZED)
    })

    test('add appends or inserts, remove takes only the membership, shelves are made in the web app', async () => {
      const created = await act('create-bookshelf', { title: 'New' })
      const id = textAt(created.body, 'result', 'id')
      const [one, two, three] = (await list()).map((row) => textAt(row, 'id'))
      for (const flipbook_id of [one, two]) await at.world.call('POST', '/bookshelf-add', { id, flipbook_id })
      await at.world.call('POST', '/bookshelf-add', { id, flipbook_id: three, position: 1 })
      const ids = async () =>
        ((await at.world.call('GET', `/bookshelf-flipbooks?id=${id}`)).body as unknown[]).map((row) => textAt(row, 'id'))
      expect(await ids()).toEqual([one, three, two])
      expect((await at.world.call('POST', '/bookshelf-remove', { id, flipbook_id: three })).body).toMatchObject({
        success: true,
        code: 200,
      })
      expect(await ids()).toEqual([one, two])
      expect(await details(three ?? '')).toMatchObject({ id: three })
      expect((await at.world.call('POST', '/bookshelf-social', { id, title: 'Shelf' })).body).toMatchObject({ success: true })
    })
  })

  describe('access', () => {
    test('setup, add and remove take the id as name or id and keep the entries', async () => {
      const id = await sampleId()
      expect((await at.world.call('POST', '/access-setup', { name: id, mode: 'everyone', password: 'let-me-in' })).body).toMatchObject({
        success: true,
      })
      expect((await at.world.visit(`/flip-book/${id.slice(0, 10)}.html`)).text).toContain('asks for a password')
      expect((await at.world.call('POST', '/access-setup', { id, mode: 'users' })).body).toMatchObject({ success: true })
      expect(
        (await at.world.call('POST', '/access-add', { name: id, access_type: 'user_pass', user: 'ann', password: 'p1' })).body,
      ).toMatchObject({ success: true })
      expect((await at.world.call('POST', '/access-add', { name: id, access_type: 'otp', password: 'p2' })).body).toMatchObject({
        success: true,
      })
      expect(at.world.state().protections[0]?.entries).toHaveLength(2)
      await at.world.call('POST', '/access-remove', { name: id, user: 'ann' })
      await at.world.call('POST', '/access-remove', { name: id, password: 'p2' })
      expect(at.world.state().protections[0]?.entries).toEqual([])
      const shelf = at.world.state().bookshelves[0]?.id
      expect((await at.world.call('POST', '/access-setup', { name: shelf, type: 'bookshelf', mode: 'disabled' })).body).toMatchObject({
        success: true,
      })
    })

    test('incomplete or unknown access is refused', async () => {
      const name = await sampleId()
      for (const body of [
        { name, mode: 'everyone' },
        { name, mode: 'sometimes' },
        { name: 'x', mode: 'disabled' },
      ]) {
        expect((await at.world.call('POST', '/access-setup', body)).body).toMatchObject({ success: false })
      }
      for (const body of [
        { name, access_type: 'user_pass', user: 'ann' },
        { name, access_type: 'google' },
        { name, access_type: 'magic', user: 'ann' },
      ]) {
        expect((await at.world.call('POST', '/access-add', body)).body).toMatchObject({ success: false })
      }
      expect((await at.world.call('POST', '/access-remove', { name })).body).toMatchObject({ success: false })
    })
  })

  describe('plans', () => {
    test('on the Free plan the sixth flipbook removes the oldest', async () => {
      const free = { client_id: HEYZINE_FREE.clientId }
      const oldest = textAt(await list('', HEYZINE_FREE.apiKey), 2, 'id')
      for (const name of ['/1.pdf', '/2.pdf']) await convert(at.origin.servePdf(name, 1), free)
      expect(await list('', HEYZINE_FREE.apiKey)).toHaveLength(5)
      await convert(at.origin.servePdf('/3.pdf', 1), free)
      const rows = await list('', HEYZINE_FREE.apiKey)
      expect(rows).toHaveLength(5)
      expect(rows.map((row) => textAt(row, 'id'))).not.toContain(oldest)
    })

    test('shelves, own path, own domain, logo and e-mail access depend on the plan', async () => {
      const id = await sampleId()
      const refusal = isStrict ? { success: false, msg: expect.stringContaining('requires a plan') } : { success: false, code: 403 }
      const design = async (fields: object) => (await at.world.call('PATCH', '/flipbook-design', { id, ...fields })).body
      await act('set-plan', { plan: 'professional' })
      expect((await at.world.call('GET', '/bookshelf-list')).body).toMatchObject(refusal)
      expect(
        (await at.world.call('POST', '/access-add', { name: id, access_type: 'email_link', user: 'a@example.com' })).body,
      ).toMatchObject(refusal)
      expect(await design({ url_domain: 'docs.example.com' })).toMatchObject(refusal)
      expect(await design({ url_path: 'spring' })).toMatchObject({ success: true })
      expect(textAt(await details(id), 'links', 'custom')).toMatch(/\/flip-book\/spring\.html$/)
      await act('set-plan', { plan: 'standard' })
      expect(await design({ url_path: 'summer' })).toMatchObject(refusal)
      expect(await design({ logo: 'https://example.com/l.png' })).toMatchObject({ success: true })
      expect((await act('set-leads-url', { url: at.origin.url })).status).toBe(400)
      await act('set-plan', { plan: 'free' })
      expect(await design({ logo: 'https://example.com/l.png' })).toMatchObject(refusal)
      expect(await list()).toHaveLength(5)
    })

    test('evict-flipbook removes the oldest by hand', async () => {
      const oldest = textAt(await list(), 11, 'id')
      await act('evict-flipbook', {})
      expect(await details(oldest)).toEqual(UNAUTHORIZED)
    })
  })

  describe('leads webhook', () => {
    test('leads arrive in unsigned batches at the interval set in the web app', async () => {
      const headers: (string | string[] | undefined)[] = []
      at.origin.on('/leads', (request, response) => {
        headers.push(...Object.keys(request.headers).filter((name) => /sign|secret|auth/.test(name)))
        response.writeHead(200).end()
      })
      await act('set-leads-url', { url: `${at.origin.url}/leads`, everyMinutes: 5 })
      await act('submit-lead', { name: 'Ann', email: 'ann@example.com' })
      await act('submit-lead', { name: 'Ben', email: 'ben@example.com' })
      await act('submit-lead', { answer: [{ label: 'Name', value: 'Cy' }] })
      expect(at.origin.seen).toHaveLength(1)
      await advance(5 * 60_000)
      await expect.poll(() => at.origin.seen.length).toBe(2)
      const [first, second] = at.origin.seen.map(({ body }): unknown => JSON.parse(body))
      expect(first).toMatchObject({
        data: { id_webhook: expect.stringMatching(/^wh_/), leads: [{ first_value: 'Ann', second_value: 'ann@example.com' }] },
      })
      expect(second).toMatchObject({
        data: {
          leads: [
            { first_value: 'Ben', answer: [{ label: 'Name' }, { label: 'Email' }] },
            { first_value: 'Cy', second_value: '' },
          ],
        },
      })
      expect(textAt(first, 'data', 'leads', 0, 'flipbook', 'id')).toMatch(/^[0-9a-f]{40}\.pdf$/)
      expect(headers).toEqual([])
    })

    test('a batch is sent once, and again after an error only under the assumption', async () => {
      at.origin.on('/leads', (_request, response) => response.writeHead(500).end())
      await setting({ leadsWebhookRetry: true })
      await act('set-leads-url', { url: `${at.origin.url}/leads` })
      await act('submit-lead', {})
      await advance(60_000)
      if (isStrict) expect(at.world.state().leadDeliveries).toMatchObject([{ nextAt: null }])
      else await expect.poll(() => at.origin.seen.length).toBe(2)
      expect(at.origin.seen).toHaveLength(isStrict ? 1 : 2)
    })

    test('a duplicate delivery can be asked for', async () => {
      await act('set-leads-url', { url: `${at.origin.url}/leads` })
      await act('submit-lead', {})
      await act('resend-leads', {})
      expect(at.origin.seen).toHaveLength(2)
      expect(at.origin.seen[0]?.body).toBe(at.origin.seen[1]?.body)
    })
  })

  test('a rate limit exists only as an assumption', async () => {
    await setting({ rateLimitPerMinute: 1 })
    await list()
    const answer = await at.world.call('GET', '/flipbook-list')
    expect(answer.status).toBe(isStrict ? 200 : 429)
  })
})
