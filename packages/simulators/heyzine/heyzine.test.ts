import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isJsonObject, readPath } from '@couplet/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HEYZINE_FREE, HEYZINE_PREMIUM } from './credentials.ts'
import { clientId, startHeyzine, startOrigin } from './test-world.ts'

const REFUSED_KEY = { success: false, code: 403, msg: 'Invalid user or api key' }
const UNAUTHORIZED = { success: false, code: 403, msg: 'Unauthorized' }

const textAt = (value: unknown, ...path: (string | number)[]): string => String(readPath(value, path))

describe.each(['off', 'on'] as const)('heyzine, strict %s', (strict) => {
  const isStrict = strict === 'on'
  let world: Awaited<ReturnType<typeof startHeyzine>>
  let origin: Awaited<ReturnType<typeof startOrigin>>

  beforeEach(async () => {
    origin = await startOrigin()
    world = await startHeyzine()
    await world.control('PATCH', '/settings', { strict, conversionDelayMs: 0, settleLagMs: 0 })
  })
  afterEach(async () => {
    await world[Symbol.asyncDispose]()
    await origin[Symbol.asyncDispose]()
  })

  const setting = (values: Record<string, unknown>) => world.control('PATCH', '/settings', values)
  const act = (name: string, input: unknown) => world.control('POST', `/actions/${name}`, input)
  const fault = (rule: unknown) => world.control('POST', '/faults', rule)
  const advance = (advanceMs: number) => world.control('POST', '/clock', { advanceMs })
  const convert = async (pdf: string, more: Record<string, unknown> = {}) =>
    (await world.call('POST', '/rest', { pdf, client_id: clientId, ...more })).body
  const details = async (id: string) => (await world.call('GET', `/flipbook-details?id=${id}`)).body
  const list = async (query = '', apiKey: string = HEYZINE_PREMIUM.apiKey): Promise<unknown[]> => {
    const { body } = await world.call('GET', `/flipbook-list${query}`, undefined, apiKey)
    return Array.isArray(body) ? body : []
  }
  const pollAsync = (pdf: string, more: Record<string, unknown> = {}) => world.call('POST', '/async', { pdf, client_id: clientId, ...more })
  const untilDone = async (pdf: string, more: Record<string, unknown> = {}) => {
    const first = await pollAsync(pdf, more)
    expect(first.body).toMatchObject({ state: 'started' })
    await expect.poll(async () => textAt((await pollAsync(pdf, more)).body, 'state')).not.toBe('started')
    return textAt(first.body, 'id')
  }
  const sampleId = async () => textAt(await list(), 0, 'id')

  describe('authentication and envelope', () => {
    test('management without a key or with a wrong one answers 200 with code 403', async () => {
      for (const key of [null, 'nobody']) {
        const answer = await world.call('GET', '/flipbook-list', undefined, key)
        expect(answer).toMatchObject({ status: 200, body: REFUSED_KEY })
      }
    })

    test('convert needs the client id: the key alone, and the key in its place, are refused', async () => {
      const pdf = origin.servePdf('/a.pdf', 1)
      expect((await world.call('POST', '/rest', { pdf })).body).toEqual(REFUSED_KEY)
      expect((await world.call('POST', '/rest', { pdf, client_id: HEYZINE_PREMIUM.apiKey })).body).toEqual(REFUSED_KEY)
      expect((await world.call('POST', '/rest', { pdf, client_id: clientId }, null)).body).toMatchObject({ meta: { num_pages: 1 } })
    })

    test('a list is a bare array, details and convert are bare objects without success', async () => {
      expect(Array.isArray((await world.call('GET', '/flipbook-list?limit=1')).body)).toBe(true)
      expect(await details(await sampleId())).not.toHaveProperty('success')
      expect(await convert(origin.servePdf('/a.pdf', 1))).not.toHaveProperty('success')
    })

    test('unknown and merely rumoured names answer an HTML 404', async () => {
      for (const name of [
        '/limits',
        '/embed-code',
        '/update-password',
        '/access-list',
        '/flipbook-get',
        '/bookshelf-get',
        '/bookshelf-create',
      ]) {
        const answer = await world.call('GET', name)
        expect(answer.status).toBe(404)
        expect(answer.headers.get('content-type')).toContain('text/html')
      }
    })

    test('after a key reset the old key is refused and the new one works', async () => {
      const reset = await act('reset-key', {})
      expect((await world.call('GET', '/flipbook-list')).body).toEqual(REFUSED_KEY)
      expect(await list('?limit=1', textAt(reset.body, 'result', 'apiKey'))).toHaveLength(1)
    })

    test('sample keys have the documented shapes', () => {
      for (const { apiKey, clientId } of [HEYZINE_PREMIUM, HEYZINE_FREE]) {
        expect(apiKey).toMatch(/^[0-9a-f]{40}\.[0-9a-f]{16}$/)
        expect(apiKey.endsWith(`.${clientId}`)).toBe(true)
      }
    })
  })

  describe('ids', () => {
    test('only the full id of an own flipbook is accepted', async () => {
      const id = await sampleId()
      const foreign = textAt(await list('', HEYZINE_FREE.apiKey), 0, 'id')
      for (const wrong of [id.slice(0, 10), `https://heyzine.com/flip-book/${id.slice(0, 10)}.html`, id.replace('.pdf', ''), foreign, '']) {
        expect(await details(wrong)).toEqual(UNAUTHORIZED)
        expect((await world.call('PATCH', '/flipbook-design', { id: wrong, title: 'x' })).body).toEqual(UNAUTHORIZED)
        expect((await world.call('POST', '/flipbook-delete', { id: wrong })).body).toEqual(UNAUTHORIZED)
      }
      expect(await details(id)).toMatchObject({ id })
    })
  })

  describe('conversion', () => {
    test('the blocking call fetches the source, counts its pages and serves the stored file, cover and viewer', async () => {
      const body = await convert(origin.servePdf('/report.pdf', 7), { title: 'Report', tags: 'ghl:a,b' })
      expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{40}\.pdf$/), meta: { num_pages: 7, aspect_ratio: 0.7067 } })
      expect(body).not.toHaveProperty('state')
      expect(textAt(body, 'url')).toBe(`${world.url}/flip-book/${textAt(body, 'id').slice(0, 10)}.html`)
      const file = await world.visit(textAt(body, 'pdf'))
      expect(file.headers.get('content-type')).toBe('application/pdf')
      expect(file.text.startsWith('%PDF')).toBe(true)
      expect((await world.visit(textAt(body, 'thumbnail'))).headers.get('content-type')).toBe('image/svg+xml')
      expect((await world.visit(textAt(body, 'url'))).text).toContain('Report')
      expect(origin.seen.filter(({ path }) => path === '/report.pdf')).toHaveLength(1)
    })

    test('the short query names of GET work, and the link form redirects to the viewer', async () => {
      const pdf = encodeURIComponent(origin.servePdf('/get.pdf', 2))
      const body = (await world.call('GET', `/rest?pdf=${pdf}&k=${clientId}&t=By+link&d=1&pe=onepage`, undefined, null)).body
      const id = textAt(body, 'id')
      expect(await details(id)).toMatchObject({ title: 'By link', pages: 2 })
      expect(world.state().flipbooks.find((flipbook) => flipbook.id === id)?.design).toMatchObject({ download: true, page_effect: 'flip' })
      const link = await world.call('GET', `?pdf=${pdf}&k=${clientId}`, undefined, null)
      expect(link.status).toBe(302)
      expect(link.headers.get('location')).toBe(textAt(body, 'url'))
    })

    test('async answers started, then processed on repeating the same call, then the same for ever', async () => {
      const pdf = origin.servePdf('/async.pdf', 3)
      const id = await untilDone(pdf, { title: 'T' })
      expect((await pollAsync(pdf)).body).toMatchObject({ id, state: 'processed', meta: { num_pages: 3 } })
      expect(origin.seen).toHaveLength(1)
    })

    test('async answers failed when the source is not there, and converts when it later is', async () => {
      const pdf = `${origin.url}/later.pdf`
      origin.on('/later.pdf', (_request, response) => response.writeHead(503).end())
      const id = await untilDone(pdf).catch(String)
      expect(id).toMatch(/\.pdf$/)
      expect(await details(id)).toEqual(UNAUTHORIZED)
      origin.servePdf('/later.pdf', 1)
      await untilDone(pdf)
      expect((await pollAsync(pdf)).body).toMatchObject({ state: 'processed' })
    })

    test('an HTML error page is converted all the same', async () => {
      expect(await convert(`${origin.url}/missing.pdf`)).toMatchObject({ meta: { num_pages: 1 } })
    })

    test('redirects, passwords, server errors and unknown bytes cannot be converted', async () => {
      origin.servePdf('/real.pdf', 1)
      origin.on('/moved.pdf', (_request, response) => response.writeHead(302, { location: '/real.pdf' }).end())
      origin.on('/basic.pdf', (_request, response) => response.writeHead(401).end())
      origin.on('/bytes.pdf', (_request, response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end('no document'))
      for (const path of ['/moved.pdf', '/basic.pdf', '/bytes.pdf']) {
        const answer = await world.call('POST', '/rest', { pdf: origin.url + path, client_id: clientId })
        if (isStrict) expect(answer.status).toBe(500)
        else expect(answer).toMatchObject({ status: 200, body: { success: false, code: 422 } })
      }
      expect(origin.seen.map(({ path }) => path)).not.toContain('/real.pdf')
      expect(await list()).toHaveLength(12)
    })

    test('private and localhost addresses are refused once the development switch is off', async () => {
      await setting({ allowPrivateSources: false })
      const port = new URL(origin.servePdf('/near.pdf', 1)).port
      for (const host of ['127.0.0.1', 'localhost', '10.1.2.3', '192.168.1.1', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]']) {
        const pdf = `http://${host}:${port}/near.pdf`
        await untilDone(pdf).catch(() => undefined)
        expect(world.state().flipbooks.some((flipbook) => flipbook.sourceUrl === pdf && flipbook.document)).toBe(false)
      }
      expect(origin.seen).toEqual([])
    })

    test('the same address never makes a second flipbook', async () => {
      const pdf = origin.servePdf('/same.pdf', 1)
      const ids = await Promise.all([convert(pdf), convert(pdf), convert(pdf)])
      expect(new Set(ids.map((body) => textAt(body, 'id'))).size).toBe(1)
      expect(await list()).toHaveLength(13)
      expect(origin.seen).toHaveLength(1)
    })

    test('another query string is another flipbook only under the assumption', async () => {
      const pdf = origin.servePdf('/query.pdf', 1)
      await convert(pdf)
      await convert(`${pdf}?v=2`)
      expect(await list()).toHaveLength(isStrict ? 13 : 14)
    })

    test('the six-minute outlier passes when the clock is moved', async () => {
      await setting({ conversionOutlier: true })
      const pdf = origin.servePdf('/slow.pdf', 1)
      await pollAsync(pdf)
      expect((await pollAsync(pdf)).body).toMatchObject({ state: 'started' })
      await advance(6 * 60_000)
      await expect.poll(async () => textAt((await pollAsync(pdf)).body, 'state')).toBe('processed')
    })

    test('the delay profile holds a conversion back, except in strict mode', async () => {
      await setting({ conversionDelayMs: 60_000 })
      const pdf = origin.servePdf('/delay.pdf', 1)
      await pollAsync(pdf)
      const viewer = `/flip-book/${textAt((await pollAsync(pdf)).body, 'id').slice(0, 10)}.html`
      if (!isStrict) {
        expect((await world.visit(viewer)).status).toBe(404)
        expect((await pollAsync(pdf)).body).toMatchObject({ state: 'started' })
        await advance(60_000)
      }
      await expect.poll(async () => (await world.visit(viewer)).text).toContain('<object')
    })

    test('faults: failed state, failed fetch, slow fetch, HTTP 500, timeout after the write, eviction', async () => {
      await fault({ kind: 'conversion-failed', times: 1 })
      const pdf = origin.servePdf('/faulty.pdf', 1)
      await pollAsync(pdf)
      await expect.poll(async () => textAt((await pollAsync(pdf)).body, 'state')).toBe('failed')

      await fault({ kind: 'fetch-failed', times: 1 })
      expect(readPath(await convert(pdf), ['id'])).toBeUndefined()
      await fault({ kind: 'fetch-slow', times: 1, delayMs: 80 })
      const startedAt = performance.now()
      const id = textAt(await convert(pdf), 'id')
      expect(performance.now() - startedAt).toBeGreaterThan(70)

      await fault({ kind: 'status', path: '/api1/flipbook-details', status: 500, times: 1 })
      expect((await world.call('GET', `/flipbook-details?id=${id}`)).status).toBe(500)

      await fault({ kind: 'timeout-after', path: '/api1/flipbook-design', times: 1, delayMs: 10 })
      await expect(world.call('PATCH', '/flipbook-design', { id, title: 'Written' })).rejects.toThrow()
      expect(await details(id)).toMatchObject({ title: 'Written' })

      const oldest = textAt(await list(), 12, 'id')
      await fault({ kind: 'evict', times: 1 })
      await convert(origin.servePdf('/evicting.pdf', 1))
      expect(await details(oldest)).toEqual(UNAUTHORIZED)
    })

    test('the white-label host shows in the convert answer only', async () => {
      await act('set-white-label', { host: 'northfield.aflip.in' })
      const body = await convert(origin.servePdf('/label.pdf', 1))
      const id = textAt(body, 'id')
      expect(textAt(body, 'url')).toBe(`https://northfield.aflip.in/${id.slice(0, 10)}.html`)
      expect(textAt(await details(id), 'links', 'base')).toContain(world.url)
    })
  })

  describe('replacing', () => {
    test('rest with replace reads the same address again and keeps id, addresses, title, tags and note', async () => {
      const pdf = origin.servePdf('/report.pdf', 2)
      const first = await convert(pdf, { title: 'Report', tags: 'ghl:a', private_note: 'ours' })
      const id = textAt(first, 'id')
      origin.servePdf('/report.pdf', 5)
      expect(await convert(pdf)).toMatchObject({ id, meta: { num_pages: 2 } })
      expect(await convert(pdf, { replace: true, title: 'Other' })).toMatchObject({ id, url: textAt(first, 'url'), meta: { num_pages: 5 } })
      expect(await details(id)).toMatchObject({ title: 'Report', tags: 'ghl:a', private: 'ours', pages: 5 })
      expect((await world.visit(textAt(first, 'pdf'))).text).toContain('Page 5 of 5')
    })

    test('async with replace says processed and keeps the old document', async () => {
      const pdf = origin.servePdf('/report.pdf', 2)
      const id = textAt(await convert(pdf), 'id')
      origin.servePdf('/report.pdf', 5)
      expect((await pollAsync(pdf, { replace: true })).body).toMatchObject({ id, state: 'processed' })
      expect(await details(id)).toMatchObject({ pages: 2 })
    })

    test('a failed replace leaves the flipbook untouched', async () => {
      const pdf = origin.servePdf('/report.pdf', 2)
      const id = textAt(await convert(pdf), 'id')
      origin.on('/report.pdf', (_request, response) => response.writeHead(500).end())
      expect(readPath(await convert(pdf, { replace: true }), ['id'])).toBeUndefined()
      expect(await details(id)).toMatchObject({ pages: 2 })
    })

    test('flipbook-replace is behind a gate that support opens on paid plans', async () => {
      const id = await sampleId()
      const pdf = origin.servePdf('/new.pdf', 4)
      const closed = (await world.call('POST', '/flipbook-replace', { id, pdf })).body
      expect(closed).toMatchObject({ success: false, code: 403, msg: expect.stringMatching(/^Private API endpoint.*support@heyzine\.com/) })
      expect((await act('enable-replace', { clientId: HEYZINE_FREE.clientId })).status).toBe(400)
    })

    test('flipbook-replace keeps id, addresses and design, renames file and cover, and shows at once', async () => {
      await act('enable-replace', {})
      const id = await sampleId()
      const before = await details(id)
      const answer = (await world.call('POST', '/flipbook-replace', { id, pdf: origin.servePdf('/new.pdf', 4) })).body
      expect(answer).toMatchObject({ id, meta: { num_pages: 4 } })
      const after = await details(id)
      for (const same of ['title', 'subtitle', 'tags', 'private', 'date']) expect(readPath(after, [same])).toEqual(readPath(before, [same]))
      expect(readPath(after, ['links', 'custom'])).toBe(readPath(before, ['links', 'custom']))
      expect(after).toMatchObject({ pages: 4, links: { pdf: expect.stringMatching(/-1\.pdf$/), thumbnail: textAt(answer, 'thumbnail') } })
      expect(textAt(after, 'links', 'thumbnail')).not.toBe(textAt(before, 'links', 'thumbnail'))
      await world.call('POST', '/flipbook-replace', { id, pdf: `${origin.url}/new.pdf` })
      expect(textAt(await details(id), 'links', 'pdf')).toMatch(/-2\.pdf$/)
    })

    test('flipbook-replace wants an exact content type', async () => {
      await act('enable-replace', {})
      const id = await sampleId()
      const before = await details(id)
      for (const type of ['application/octet-stream', 'application/pdf; qs=0.001', 'text/html']) {
        const pdf = origin.servePdf('/typed.pdf', 4, type)
        expect((await world.call('POST', '/flipbook-replace', { id, pdf })).body).toMatchObject({ success: false, code: 422 })
      }
      await fault({ kind: 'source-content-type', times: 1, body: 'application/octet-stream' })
      const pdf = origin.servePdf('/typed.pdf', 4)
      expect((await world.call('POST', '/flipbook-replace', { id, pdf })).body).toMatchObject({ success: false, code: 422 })
      expect(await details(id)).toEqual(before)
    })

    test('the empty User-Agent of flipbook-replace is an assumption', async () => {
      await act('enable-replace', {})
      await world.call('POST', '/flipbook-replace', { id: await sampleId(), pdf: origin.servePdf('/agent.pdf', 1) })
      expect((origin.seen.at(-1)?.userAgent ?? '') === '').toBe(!isStrict)
    })
  })

  describe('settling, notes, tags and texts', () => {
    test('after async, title, tags and note read empty until the lag is over', async () => {
      await setting({ settleLagMs: 60_000 })
      const id = await untilDone(origin.servePdf('/lag.pdf', 1), { title: 'T', tags: 'a', private_note: 'n', subtitle: 's' })
      expect(await details(id)).toMatchObject({ title: '', tags: '', private: '', subtitle: 's', pages: 1 })
      await advance(60_000)
      expect(await details(id)).toMatchObject({ title: 'T', tags: 'a', private: 'n' })
    })

    test('a design PATCH shows at once while the rest still settles', async () => {
      await setting({ settleLagMs: 600_000 })
      const id = await untilDone(origin.servePdf('/lag.pdf', 1), { title: 'T', tags: 'a', private_note: 'n' })
      expect((await world.call('PATCH', '/flipbook-design', { id, title: 'T2', tags: 'a,b' })).body).toEqual({
        success: true,
        code: 200,
        msg: 'Flipbook updated',
      })
      expect(await details(id)).toMatchObject({ title: 'T2', tags: 'a,b', private: '' })
    })

    test('a note over 200 characters drops title, tags, note and template at convert, and is HTTP 500 at design', async () => {
      const note = 'x'.repeat(201)
      const id = await untilDone(origin.servePdf('/note.pdf', 1), {
        title: 'T',
        subtitle: 's',
        tags: 'a',
        private_note: note,
        template: await sampleId(),
      })
      expect(await details(id)).toMatchObject({ title: '', tags: '', private: '', subtitle: 's' })
      expect((await world.call('PATCH', '/flipbook-design', { id, private_note: note })).status).toBe(500)
      expect((await world.call('PATCH', '/flipbook-design', { id, private_note: 'x'.repeat(200) })).status).toBe(200)
      expect(textAt(await details(id), 'private')).toHaveLength(200)
    })

    test('tags are one string, replaced whole, returned verbatim, and absent from the list', async () => {
      const id = await sampleId()
      const tags = 'purpose:review, ghl:Spring launch,,link:abc'
      await world.call('PATCH', '/flipbook-design', { id, tags })
      expect(await details(id)).toMatchObject({ tags })
      for (const row of await list()) expect(row).not.toHaveProperty('tags')
    })

    test('only supplied fields change; empty strings are ignored and a single space blanks', async () => {
      const id = await sampleId()
      const { title } = { title: textAt(await details(id), 'title') }
      await world.call('PATCH', '/flipbook-design', { id, title: '', subtitle: ' ' })
      expect(await details(id)).toMatchObject({ title, subtitle: ' ' })
      await world.call('PATCH', '/flipbook-design', { id, tags: 'a' })
      await world.call('PATCH', '/flipbook-design', { id, tags: '' })
      expect(await details(id)).toMatchObject({ tags: isStrict ? '' : 'a' })
    })

    test('a template brings its design along, not its texts', async () => {
      const template = await sampleId()
      await world.call('PATCH', '/flipbook-design', { id: template, page_effect: 'cards', rtl: true })
      const id = textAt(await convert(origin.servePdf('/t.pdf', 1), { template }), 'id')
      expect(world.state().flipbooks.find((flipbook) => flipbook.id === id)?.design).toMatchObject({ page_effect: 'cards', rtl: true })
      expect(await details(id)).toMatchObject({ title: '' })
      expect((await world.call('PATCH', '/flipbook-design', { id, template: 'nothing.pdf' })).body).toEqual(UNAUTHORIZED)
    })

    test('edits of a person in the web app show in the API', async () => {
      const id = await sampleId()
      await act('edit-flipbook', { id, title: 'By hand', tags: 'mine' })
      expect(await details(id)).toMatchObject({ title: 'By hand', tags: 'mine' })
    })

    test('unconfirmed refusals of path and page effect are off in strict mode', async () => {
      const id = await sampleId()
      expect((await world.call('PATCH', '/flipbook-design', { id, url_path: 'no spaces!' })).body).toMatchObject({ success: isStrict })
      expect((await world.call('PATCH', '/flipbook-design', { id, page_effect: 'twirl' })).body).toMatchObject({ success: isStrict })
      expect((await world.call('PATCH', '/flipbook-design', { id, page_effect: 'slideshow' })).body).toMatchObject({ success: true })
    })
  })

  describe('lists, social, delete and oEmbed', () => {
    test('limit and offset give disjoint pages, newest first', async () => {
      const all = await list()
      const pages = [
        await list('?limit=5'),
        await list('?limit=5&offset=5'),
        await list('?limit=5&offset=10'),
        await list('?limit=5&offset=15'),
      ]
      expect(pages.map((page) => page.length)).toEqual([5, 5, 2, 0])
      expect(pages.flat()).toEqual(all)
      const dates = all.map((row) => Date.parse(textAt(row, 'date')))
      expect(dates).toEqual(dates.toSorted((one, other) => other - one))
      expect(dates.every(Number.isFinite)).toBe(true)
    })

    test('a list without limit gives the whole account unless a default size is assumed', async () => {
      await setting({ defaultListLimit: 4 })
      expect(await list()).toHaveLength(isStrict ? 12 : 4)
    })

    test('social data needs at least one member and answers success alone', async () => {
      const id = await sampleId()
      expect((await world.call('POST', '/flipbook-social', { id, title: 'Share me' })).body).toEqual({ success: true })
      expect((await world.call('POST', '/flipbook-social', { id })).body).toMatchObject({ success: false })
    })

    test('delete is permanent, and converting again makes a new id', async () => {
      const pdf = origin.servePdf('/gone.pdf', 1)
      const id = textAt(await convert(pdf), 'id')
      expect((await world.call('POST', '/flipbook-delete', { id })).body).toEqual({ success: true, code: 200, msg: 'Flipbook deleted' })
      expect(await details(id)).toEqual(UNAUTHORIZED)
      expect(textAt(await convert(pdf), 'id')).not.toBe(id)
    })

    test('oEmbed is public, is version 1.0 rich, obeys maxwidth, and is part of details', async () => {
      const id = await sampleId()
      const url = encodeURIComponent(`https://heyzine.com/flip-book/${id.slice(0, 10)}.html`)
      const answer = await world.call('GET', `/oembed?url=${url}&format=json&maxwidth=320`, undefined, null)
      expect(answer.body).toMatchObject({
        type: 'rich',
        version: '1.0',
        provider_name: 'Heyzine',
        width: 320,
        html: expect.stringContaining('<iframe'),
      })
      expect(await details(id)).toMatchObject({ oembed: { type: 'rich', html: expect.stringContaining(id.slice(0, 10)) } })
    })

    test('details carry the size only under the assumption', async () => {
      expect('size' in ((await details(await sampleId())) as object)).toBe(!isStrict)
    })
  })

  describe('bookshelves', () => {
    test('the list counts flipbooks, and positions start at zero', async () => {
      const shelves = (await world.call('GET', '/bookshelf-list')).body
      expect(shelves).toHaveLength(3)
      expect(textAt(shelves, 0, 'id')).toMatch(/^[0-9a-f]{40}$/)
      const items = (await world.call('GET', `/bookshelf-flipbooks?id=${textAt(shelves, 0, 'id')}`)).body
      expect(items).toHaveLength(Number(readPath(shelves, [0, 'flipbook_count'])))
      expect(Array.isArray(items) ? items.map((item) => readPath(item, ['position'])) : []).toEqual([0, 1, 2])
      expect((await world.visit(textAt(shelves, 0, 'links', 'url'))).text).toContain('Guides for homeowners')
      expect((await world.call('GET', `/bookshelf-flipbooks?id=${textAt(shelves, 0, 'id').slice(0, 10)}`)).body).toEqual(UNAUTHORIZED)
    })

    test('add appends or inserts, remove takes only the membership, shelves are made in the web app', async () => {
      const created = await act('create-bookshelf', { title: 'New' })
      const id = textAt(created.body, 'result', 'id')
      const [one, two, three] = (await list()).map((row) => textAt(row, 'id'))
      for (const flipbook_id of [one, two]) await world.call('POST', '/bookshelf-add', { id, flipbook_id })
      await world.call('POST', '/bookshelf-add', { id, flipbook_id: three, position: 1 })
      const ids = async () => ((await world.call('GET', `/bookshelf-flipbooks?id=${id}`)).body as unknown[]).map((row) => textAt(row, 'id'))
      expect(await ids()).toEqual([one, three, two])
      expect((await world.call('POST', '/bookshelf-remove', { id, flipbook_id: three })).body).toMatchObject({ success: true, code: 200 })
      expect(await ids()).toEqual([one, two])
      expect(await details(three ?? '')).toMatchObject({ id: three })
      expect((await world.call('POST', '/bookshelf-social', { id, title: 'Shelf' })).body).toMatchObject({ success: true })
    })
  })

  describe('access', () => {
    test('setup, add and remove take the id as name or id and keep the entries', async () => {
      const id = await sampleId()
      expect((await world.call('POST', '/access-setup', { name: id, mode: 'everyone', password: 'let-me-in' })).body).toMatchObject({
        success: true,
      })
      expect((await world.visit(`/flip-book/${id.slice(0, 10)}.html`)).text).toContain('asks for a password')
      expect((await world.call('POST', '/access-setup', { id, mode: 'users' })).body).toMatchObject({ success: true })
      expect(
        (await world.call('POST', '/access-add', { name: id, access_type: 'user_pass', user: 'ann', password: 'p1' })).body,
      ).toMatchObject({ success: true })
      expect((await world.call('POST', '/access-add', { name: id, access_type: 'otp', password: 'p2' })).body).toMatchObject({
        success: true,
      })
      expect(world.state().protections[0]?.entries).toHaveLength(2)
      await world.call('POST', '/access-remove', { name: id, user: 'ann' })
      await world.call('POST', '/access-remove', { name: id, password: 'p2' })
      expect(world.state().protections[0]?.entries).toEqual([])
      const shelf = world.state().bookshelves[0]?.id
      expect((await world.call('POST', '/access-setup', { name: shelf, type: 'bookshelf', mode: 'disabled' })).body).toMatchObject({
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
        expect((await world.call('POST', '/access-setup', body)).body).toMatchObject({ success: false })
      }
      for (const body of [
        { name, access_type: 'user_pass', user: 'ann' },
        { name, access_type: 'google' },
        { name, access_type: 'magic', user: 'ann' },
      ]) {
        expect((await world.call('POST', '/access-add', body)).body).toMatchObject({ success: false })
      }
      expect((await world.call('POST', '/access-remove', { name })).body).toMatchObject({ success: false })
    })
  })

  describe('plans', () => {
    test('on the Free plan the sixth flipbook removes the oldest', async () => {
      const free = { client_id: HEYZINE_FREE.clientId }
      const oldest = textAt(await list('', HEYZINE_FREE.apiKey), 2, 'id')
      for (const name of ['/1.pdf', '/2.pdf']) await convert(origin.servePdf(name, 1), free)
      expect(await list('', HEYZINE_FREE.apiKey)).toHaveLength(5)
      await convert(origin.servePdf('/3.pdf', 1), free)
      const rows = await list('', HEYZINE_FREE.apiKey)
      expect(rows).toHaveLength(5)
      expect(rows.map((row) => textAt(row, 'id'))).not.toContain(oldest)
    })

    test('shelves, own path, own domain, logo and e-mail access depend on the plan', async () => {
      const id = await sampleId()
      const refusal = isStrict ? { success: false, msg: expect.stringContaining('requires a plan') } : { success: false, code: 403 }
      const design = async (fields: object) => (await world.call('PATCH', '/flipbook-design', { id, ...fields })).body
      await act('set-plan', { plan: 'professional' })
      expect((await world.call('GET', '/bookshelf-list')).body).toMatchObject(refusal)
      expect((await world.call('POST', '/access-add', { name: id, access_type: 'email_link', user: 'a@example.com' })).body).toMatchObject(
        refusal,
      )
      expect(await design({ url_domain: 'docs.example.com' })).toMatchObject(refusal)
      expect(await design({ url_path: 'spring' })).toMatchObject({ success: true })
      expect(textAt(await details(id), 'links', 'custom')).toMatch(/\/flip-book\/spring\.html$/)
      await act('set-plan', { plan: 'standard' })
      expect(await design({ url_path: 'summer' })).toMatchObject(refusal)
      expect(await design({ logo: 'https://example.com/l.png' })).toMatchObject({ success: true })
      expect((await act('set-leads-url', { url: origin.url })).status).toBe(400)
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
      origin.on('/leads', (request, response) => {
        headers.push(...Object.keys(request.headers).filter((name) => /sign|secret|auth/.test(name)))
        response.writeHead(200).end()
      })
      await act('set-leads-url', { url: `${origin.url}/leads`, everyMinutes: 5 })
      await act('submit-lead', { name: 'Ann', email: 'ann@example.com' })
      await act('submit-lead', { name: 'Ben', email: 'ben@example.com' })
      await act('submit-lead', { answer: [{ label: 'Name', value: 'Cy' }] })
      expect(origin.seen).toHaveLength(1)
      await advance(5 * 60_000)
      await expect.poll(() => origin.seen.length).toBe(2)
      const [first, second] = origin.seen.map(({ body }): unknown => JSON.parse(body))
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
      origin.on('/leads', (_request, response) => response.writeHead(500).end())
      await setting({ leadsWebhookRetry: true })
      await act('set-leads-url', { url: `${origin.url}/leads` })
      await act('submit-lead', {})
      await advance(60_000)
      if (isStrict) expect(world.state().leadDeliveries).toMatchObject([{ nextAt: null }])
      else await expect.poll(() => origin.seen.length).toBe(2)
      expect(origin.seen).toHaveLength(isStrict ? 1 : 2)
    })

    test('a duplicate delivery can be asked for', async () => {
      await act('set-leads-url', { url: `${origin.url}/leads` })
      await act('submit-lead', {})
      await act('resend-leads', {})
      expect(origin.seen).toHaveLength(2)
      expect(origin.seen[0]?.body).toBe(origin.seen[1]?.body)
    })
  })

  test('a rate limit exists only as an assumption', async () => {
    await setting({ rateLimitPerMinute: 1 })
    await list()
    const answer = await world.call('GET', '/flipbook-list')
    expect(answer.status).toBe(isStrict ? 200 : 429)
  })
})

test('a restart keeps the record of a converted document, not its bytes, and the state stays small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-heyzine-'))
  const stateFile = join(folder, 'heyzine.json')
  await using origin = await startOrigin()
  let pdf = ''
  {
    await using world = await startHeyzine({ stateFile })
    pdf = textAt((await world.call('POST', '/rest', { pdf: origin.servePdf('/big.pdf', 400), client_id: clientId })).body, 'pdf')
  }
  await using again = await startHeyzine({ stateFile })
  expect((await again.visit(new URL(pdf).pathname)).status).toBe(410)
  expect((await again.call('GET', '/flipbook-list?limit=1')).body).toMatchObject([{ pages: 400 }])
  expect((await readFile(stateFile, 'utf8')).length).toBeLessThan(20_000)
  await rm(folder, { recursive: true })
})

test('every switch carries a mark and words, and every assumption can be switched', async () => {
  await using world = await startHeyzine({ seed: 'empty' })
  const settings = readPath((await world.control('GET', '')).body, ['settings'])
  for (const setting of Object.values(isJsonObject(settings) ? settings : {})) {
    expect(setting).toMatchObject({ mark: expect.stringMatching(/^(CONFIRMED|REPORTED|ASSUMED)$/), title: expect.stringMatching(/.{10}/) })
  }
  expect(Object.keys(isJsonObject(settings) ? settings : {})).toHaveLength(18)
})
