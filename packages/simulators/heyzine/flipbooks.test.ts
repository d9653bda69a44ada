import { readPath } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { HEYZINE_FREE } from './credentials.ts'
import { UNAUTHORIZED, textAt, useHeyzine } from './test-world.ts'

describe.each(['off', 'on'] as const)('heyzine flipbooks, strict %s', (strict) => {
  const at = useHeyzine(strict)
  const isStrict = strict === 'on'
  const { setting, act, fault, advance, convert, details, list, pollAsync, untilDone, sampleId } = at

  describe('replacing', () => {
    test('rest with replace reads the same address again and keeps id, addresses, title, tags and note', async () => {
      const pdf = at.origin.servePdf('/report.pdf', 2)
      const first = await convert(pdf, { title: 'Report', tags: 'ghl:a', private_note: 'ours' })
      const id = textAt(first, 'id')
      at.origin.servePdf('/report.pdf', 5)
      expect(await convert(pdf)).toMatchObject({ id, meta: { num_pages: 2 } })
      expect(await convert(pdf, { replace: true, title: 'Other' })).toMatchObject({ id, url: textAt(first, 'url'), meta: { num_pages: 5 } })
      expect(await details(id)).toMatchObject({ title: 'Report', tags: 'ghl:a', private: 'ours', pages: 5 })
      expect((await at.world.visit(textAt(first, 'pdf'))).text).toContain('Page 5 of 5')
    })

    test('async with replace says processed and keeps the old document', async () => {
      const pdf = at.origin.servePdf('/report.pdf', 2)
      const id = textAt(await convert(pdf), 'id')
      at.origin.servePdf('/report.pdf', 5)
      expect((await pollAsync(pdf, { replace: true })).body).toMatchObject({ id, state: 'processed' })
      expect(await details(id)).toMatchObject({ pages: 2 })
    })

    test('a failed replace leaves the flipbook untouched', async () => {
      const pdf = at.origin.servePdf('/report.pdf', 2)
      const id = textAt(await convert(pdf), 'id')
      at.origin.on('/report.pdf', (_request, response) => response.writeHead(500).end())
      expect(readPath(await convert(pdf, { replace: true }), ['id'])).toBeUndefined()
      expect(await details(id)).toMatchObject({ pages: 2 })
    })

    test('flipbook-replace is behind a gate that support opens on paid plans', async () => {
      const id = await sampleId()
      const pdf = at.origin.servePdf('/new.pdf', 4)
      const closed = (await at.world.call('POST', '/flipbook-replace', { id, pdf })).body
      expect(closed).toMatchObject({ success: false, code: 403, msg: expect.stringMatching(/^Private API endpoint.*support@heyzine\.com/) })
      expect((await act('enable-replace', { clientId: HEYZINE_FREE.clientId })).status).toBe(400)
    })

    test('flipbook-replace keeps id, addresses and design, renames file and cover, and shows at once', async () => {
      await act('enable-replace', {})
      const id = await sampleId()
      const before = await details(id)
      const answer = (await at.world.call('POST', '/flipbook-replace', { id, pdf: at.origin.servePdf('/new.pdf', 4) })).body
      expect(answer).toMatchObject({ id, meta: { num_pages: 4 } })
      const after = await details(id)
      for (const same of ['title', 'subtitle', 'tags', 'private', 'date']) expect(readPath(after, [same])).toEqual(readPath(before, [same]))
      expect(readPath(after, ['links', 'custom'])).toBe(readPath(before, ['links', 'custom']))
      expect(after).toMatchObject({ pages: 4, links: { pdf: expect.stringMatching(/-1\.pdf$/), thumbnail: textAt(answer, 'thumbnail') } })
      expect(textAt(after, 'links', 'thumbnail')).not.toBe(textAt(before, 'links', 'thumbnail'))
      await at.world.call('POST', '/flipbook-replace', { id, pdf: `${at.origin.url}/new.pdf` })
      expect(textAt(await details(id), 'links', 'pdf')).toMatch(/-2\.pdf$/)
    })

    test('flipbook-replace wants an exact content type', async () => {
      await act('enable-replace', {})
      const id = await sampleId()
      const before = await details(id)
      for (const type of ['application/octet-stream', 'application/pdf; qs=0.001', 'text/html']) {
        const pdf = at.origin.servePdf('/typed.pdf', 4, type)
        expect((await at.world.call('POST', '/flipbook-replace', { id, pdf })).body).toMatchObject({ success: false, code: 422 })
      }
      await fault({ kind: 'source-content-type', times: 1, body: 'application/octet-stream' })
      const pdf = at.origin.servePdf('/typed.pdf', 4)
      expect((await at.world.call('POST', '/flipbook-replace', { id, pdf })).body).toMatchObject({ success: false, code: 422 })
      expect(await details(id)).toEqual(before)
    })

    test('the empty User-Agent of flipbook-replace is an assumption', async () => {
      await act('enable-replace', {})
      await at.world.call('POST', '/flipbook-replace', { id: await sampleId(), pdf: at.origin.servePdf('/agent.pdf', 1) })
      expect((at.origin.seen.at(-1)?.userAgent ?? '') === '').toBe(!isStrict)
    })
  })

  describe('settling, notes, tags and texts', () => {
    test('after async, title, tags and note read empty until the lag is over', async () => {
      await setting({ settleLagMs: 60_000 })
      const id = await untilDone(at.origin.servePdf('/lag.pdf', 1), { title: 'T', tags: 'a', private_note: 'n', subtitle: 's' })
      expect(await details(id)).toMatchObject({ title: '', tags: '', private: '', subtitle: 's', pages: 1 })
      await advance(60_000)
      expect(await details(id)).toMatchObject({ title: 'T', tags: 'a', private: 'n' })
    })

    test('a design PATCH shows at once while the rest still settles', async () => {
      await setting({ settleLagMs: 600_000 })
      const id = await untilDone(at.origin.servePdf('/lag.pdf', 1), { title: 'T', tags: 'a', private_note: 'n' })
      expect((await at.world.call('PATCH', '/flipbook-design', { id, title: 'T2', tags: 'a,b' })).body).toEqual({
        success: true,
        code: 200,
        msg: 'Flipbook updated',
      })
      expect(await details(id)).toMatchObject({ title: 'T2', tags: 'a,b', private: '' })
    })

    test('a note over 200 characters drops title, tags, note and template at convert, and is HTTP 500 at design', async () => {
      const note = 'x'.repeat(201)
      const id = await untilDone(at.origin.servePdf('/note.pdf', 1), {
        title: 'T',
        subtitle: 's',
        tags: 'a',
        private_note: note,
        template: await sampleId(),
      })
      expect(await details(id)).toMatchObject({ title: '', tags: '', private: '', subtitle: 's' })
      expect((await at.world.call('PATCH', '/flipbook-design', { id, private_note: note })).status).toBe(500)
      expect((await at.world.call('PATCH', '/flipbook-design', { id, private_note: 'x'.repeat(200) })).status).toBe(200)
      expect(textAt(await details(id), 'private')).toHaveLength(200)
    })

    test('tags are one string, replaced whole, returned verbatim, and absent from the list', async () => {
      const id = await sampleId()
      const tags = 'purpose:review, ghl:Spring launch,,link:abc'
      await at.world.call('PATCH', '/flipbook-design', { id, tags })
      expect(await details(id)).toMatchObject({ tags })
      for (const row of await list()) expect(row).not.toHaveProperty('tags')
    })

    test('only supplied fields change; empty strings are ignored and a single space blanks', async () => {
      const id = await sampleId()
      const { title } = { title: textAt(await details(id), 'title') }
      await at.world.call('PATCH', '/flipbook-design', { id, title: '', subtitle: ' ' })
      expect(await details(id)).toMatchObject({ title, subtitle: ' ' })
      await at.world.call('PATCH', '/flipbook-design', { id, tags: 'a' })
      await at.world.call('PATCH', '/flipbook-design', { id, tags: '' })
      expect(await details(id)).toMatchObject({ tags: isStrict ? '' : 'a' })
    })

    test('a template brings its design along, not its texts', async () => {
      const template = await sampleId()
      await at.world.call('PATCH', '/flipbook-design', { id: template, page_effect: 'cards', rtl: true })
      const id = textAt(await convert(at.origin.servePdf('/t.pdf', 1), { template }), 'id')
      expect(at.world.state().flipbooks.find((flipbook) => flipbook.id === id)?.design).toMatchObject({ page_effect: 'cards', rtl: true })
      expect(await details(id)).toMatchObject({ title: '' })
      expect((await at.world.call('PATCH', '/flipbook-design', { id, template: 'nothing.pdf' })).body).toEqual(UNAUTHORIZED)
    })

    test('edits of a person in the web app show in the API', async () => {
      const id = await sampleId()
      await act('edit-flipbook', { id, title: 'By hand', tags: 'mine' })
      expect(await details(id)).toMatchObject({ title: 'By hand', tags: 'mine' })
    })

    test('unconfirmed refusals of path and page effect are off in strict mode', async () => {
      const id = await sampleId()
      expect((await at.world.call('PATCH', '/flipbook-design', { id, url_path: 'no spaces!' })).body).toMatchObject({ success: isStrict })
      expect((await at.world.call('PATCH', '/flipbook-design', { id, page_effect: 'twirl' })).body).toMatchObject({ success: isStrict })
      expect((await at.world.call('PATCH', '/flipbook-design', { id, page_effect: 'slideshow' })).body).toMatchObject({ success: true })
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
      expect((await at.world.call('POST', '/flipbook-social', { id, title: 'Share me' })).body).toEqual({ success: true })
      expect((await at.world.call('POST', '/flipbook-social', { id })).body).toMatchObject({ success: false })
    })

    test('delete is permanent, and converting again makes a new id', async () => {
      const pdf = at.origin.servePdf('/gone.pdf', 1)
      const id = textAt(await convert(pdf), 'id')
      expect((await at.world.call('POST', '/flipbook-delete', { id })).body).toEqual({ success: true, code: 200, msg: 'Flipbook deleted' })
      expect(await details(id)).toEqual(UNAUTHORIZED)
      expect(textAt(await convert(pdf), 'id')).not.toBe(id)
    })

    test('oEmbed is public, is version 1.0 rich, obeys maxwidth, and is part of details', async () => {
      const id = await sampleId()
      const url = encodeURIComponent(`https://heyzine.com/flip-book/${id.slice(0, 10)}.html`)
      const answer = await at.world.call('GET', `/oembed?url=${url}&format=json&maxwidth=320`, undefined, null)
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
})
