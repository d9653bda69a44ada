import { readPath } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { HEYZINE_FREE, HEYZINE_PREMIUM } from './credentials.ts'
import { REFUSED_KEY, UNAUTHORIZED, clientId, textAt, useHeyzine } from './test-world.ts'

describe.each(['off', 'on'] as const)('heyzine conversion, strict %s', (strict) => {
  const at = useHeyzine(strict)
  const isStrict = strict === 'on'
  const { setting, act, fault, advance, convert, details, list, pollAsync, untilDone, sampleId } = at

  describe('authentication and envelope', () => {
    test('management without a key or with a wrong one answers 200 with code 403', async () => {
      for (const key of [null, 'nobody']) {
        const answer = await at.world.call('GET', '/flipbook-list', undefined, key)
        expect(answer).toMatchObject({ status: 200, body: REFUSED_KEY })
      }
    })

    test('convert needs the client id: the key alone, and the key in its place, are refused', async () => {
      const pdf = at.origin.servePdf('/a.pdf', 1)
      expect((await at.world.call('POST', '/rest', { pdf })).body).toEqual(REFUSED_KEY)
      expect((await at.world.call('POST', '/rest', { pdf, client_id: HEYZINE_PREMIUM.apiKey })).body).toEqual(REFUSED_KEY)
      expect((await at.world.call('POST', '/rest', { pdf, client_id: clientId }, null)).body).toMatchObject({ meta: { num_pages: 1 } })
    })

    test('a list is a bare array, details and convert are bare objects without success', async () => {
      expect(Array.isArray((await at.world.call('GET', '/flipbook-list?limit=1')).body)).toBe(true)
      expect(await details(await sampleId())).not.toHaveProperty('success')
      expect(await convert(at.origin.servePdf('/a.pdf', 1))).not.toHaveProperty('success')
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
        const answer = await at.world.call('GET', name)
        expect(answer.status).toBe(404)
        expect(answer.headers.get('content-type')).toContain('text/html')
      }
    })

    test('after a key reset the old key is refused and the new one works', async () => {
      const reset = await act('reset-key', {})
      expect((await at.world.call('GET', '/flipbook-list')).body).toEqual(REFUSED_KEY)
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
        expect((await at.world.call('PATCH', '/flipbook-design', { id: wrong, title: 'x' })).body).toEqual(UNAUTHORIZED)
        expect((await at.world.call('POST', '/flipbook-delete', { id: wrong })).body).toEqual(UNAUTHORIZED)
      }
      expect(await details(id)).toMatchObject({ id })
    })
  })

  describe('conversion', () => {
    test('the blocking call fetches the source, counts its pages and serves the stored file, cover and viewer', async () => {
      const body = await convert(at.origin.servePdf('/report.pdf', 7), { title: 'Report', tags: 'ghl:a,b' })
      expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{40}\.pdf$/), meta: { num_pages: 7, aspect_ratio: 0.7067 } })
      expect(body).not.toHaveProperty('state')
      expect(textAt(body, 'url')).toBe(`${at.world.url}/flip-book/${textAt(body, 'id').slice(0, 10)}.html`)
      const file = await at.world.visit(textAt(body, 'pdf'))
      expect(file.headers.get('content-type')).toBe('application/pdf')
      expect(file.text.startsWith('%PDF')).toBe(true)
      expect((await at.world.visit(textAt(body, 'thumbnail'))).headers.get('content-type')).toBe('image/svg+xml')
      expect((await at.world.visit(textAt(body, 'url'))).text).toContain('Report')
      expect(at.origin.seen.filter(({ path }) => path === '/report.pdf')).toHaveLength(1)
    })

    test('the short query names of GET work, and the link form redirects to the viewer', async () => {
      const pdf = encodeURIComponent(at.origin.servePdf('/get.pdf', 2))
      const body = (await at.world.call('GET', `/rest?pdf=${pdf}&k=${clientId}&t=By+link&d=1&pe=onepage`, undefined, null)).body
      const id = textAt(body, 'id')
      expect(await details(id)).toMatchObject({ title: 'By link', pages: 2 })
      expect(at.world.state().flipbooks.find((flipbook) => flipbook.id === id)?.design).toMatchObject({
        download: true,
        page_effect: 'flip',
      })
      const link = await at.world.call('GET', `?pdf=${pdf}&k=${clientId}`, undefined, null)
      expect(link.status).toBe(302)
      expect(link.headers.get('location')).toBe(textAt(body, 'url'))
    })

    test('GET has no names for tags, note and replace', async () => {
      const pdf = at.origin.servePdf('/get.pdf', 2)
      const id = textAt(await convert(pdf), 'id')
      at.origin.servePdf('/get.pdf', 3)
      await at.world.call('GET', `/rest?pdf=${encodeURIComponent(pdf)}&k=${clientId}&replace=1`, undefined, null)
      expect(await details(id)).toMatchObject({ pages: 2 })
    })

    test('async answers started, then processed on repeating the same call, then the same for ever', async () => {
      const pdf = at.origin.servePdf('/async.pdf', 3)
      const id = await untilDone(pdf, { title: 'T' })
      expect((await pollAsync(pdf)).body).toMatchObject({ id, state: 'processed', meta: { num_pages: 3 } })
      expect(at.origin.seen).toHaveLength(1)
    })

    test('async answers failed when the source is not there, and converts when it later is', async () => {
      const pdf = `${at.origin.url}/later.pdf`
      at.origin.on('/later.pdf', (_request, response) => response.writeHead(503).end())
      const id = await untilDone(pdf).catch(String)
      expect(id).toMatch(/\.pdf$/)
      expect(await details(id)).toEqual(UNAUTHORIZED)
      at.origin.servePdf('/later.pdf', 1)
      await untilDone(pdf)
      expect((await pollAsync(pdf)).body).toMatchObject({ state: 'processed' })
    })

    test('an HTML error page is converted all the same', async () => {
      expect(await convert(`${at.origin.url}/missing.pdf`)).toMatchObject({ meta: { num_pages: 1 } })
    })

    test('redirects, passwords, server errors and unknown bytes cannot be converted', async () => {
      at.origin.servePdf('/real.pdf', 1)
      at.origin.on('/moved.pdf', (_request, response) => response.writeHead(302, { location: '/real.pdf' }).end())
      at.origin.on('/basic.pdf', (_request, response) => response.writeHead(401).end())
      at.origin.on('/bytes.pdf', (_request, response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end('no document'))
      for (const path of ['/moved.pdf', '/basic.pdf', '/bytes.pdf']) {
        const answer = await at.world.call('POST', '/rest', { pdf: at.origin.url + path, client_id: clientId })
        if (isStrict) expect(answer.status).toBe(500)
        else expect(answer).toMatchObject({ status: 200, body: { success: false, code: 422 } })
      }
      expect(at.origin.seen.map(({ path }) => path)).not.toContain('/real.pdf')
      expect(await list()).toHaveLength(12)
    })

    test('private and localhost addresses are refused once the development switch is off', async () => {
      await setting({ allowPrivateSources: false })
      const port = new URL(at.origin.servePdf('/near.pdf', 1)).port
      for (const host of ['127.0.0.1', 'localhost', '10.1.2.3', '192.168.1.1', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]']) {
        const pdf = `http://${host}:${port}/near.pdf`
        await untilDone(pdf).catch(() => undefined)
        expect(at.world.state().flipbooks.some((flipbook) => flipbook.sourceUrl === pdf && flipbook.document)).toBe(false)
      }
      expect(at.origin.seen).toEqual([])
    })

    test('the same address never makes a second flipbook', async () => {
      const pdf = at.origin.servePdf('/same.pdf', 1)
      const ids = await Promise.all([convert(pdf), convert(pdf), convert(pdf)])
      expect(new Set(ids.map((body) => textAt(body, 'id'))).size).toBe(1)
      expect(await list()).toHaveLength(13)
      expect(at.origin.seen).toHaveLength(1)
    })

    test('another query string is another flipbook only under the assumption', async () => {
      const pdf = at.origin.servePdf('/query.pdf', 1)
      await convert(pdf)
      await convert(`${pdf}?v=2`)
      expect(await list()).toHaveLength(isStrict ? 13 : 14)
    })

    test('the six-minute outlier passes when the clock is moved', async () => {
      await setting({ conversionOutlier: true })
      const pdf = at.origin.servePdf('/slow.pdf', 1)
      await pollAsync(pdf)
      expect((await pollAsync(pdf)).body).toMatchObject({ state: 'started' })
      await advance(6 * 60_000)
      await expect.poll(async () => textAt((await pollAsync(pdf)).body, 'state')).toBe('processed')
    })

    test('the delay profile holds a conversion back, except in strict mode', async () => {
      await setting({ conversionDelayMs: 60_000 })
      const pdf = at.origin.servePdf('/delay.pdf', 1)
      await pollAsync(pdf)
      const viewer = `/flip-book/${textAt((await pollAsync(pdf)).body, 'id').slice(0, 10)}.html`
      if (!isStrict) {
        expect((await at.world.visit(viewer)).status).toBe(404)
        expect((await pollAsync(pdf)).body).toMatchObject({ state: 'started' })
        await advance(60_000)
      }
      await expect.poll(async () => (await at.world.visit(viewer)).text).toContain('<object')
    })

    test('faults: failed state, failed fetch, slow fetch, HTTP 500, timeout after the write, eviction', async () => {
      await fault({ kind: 'conversion-failed', times: 1 })
      const pdf = at.origin.servePdf('/faulty.pdf', 1)
      await pollAsync(pdf)
      await expect.poll(async () => textAt((await pollAsync(pdf)).body, 'state')).toBe('failed')

      await fault({ kind: 'fetch-failed', times: 1 })
      expect(readPath(await convert(pdf), ['id'])).toBeUndefined()
      await fault({ kind: 'fetch-slow', times: 1, delayMs: 80 })
      const startedAt = performance.now()
      const id = textAt(await convert(pdf), 'id')
      expect(performance.now() - startedAt).toBeGreaterThan(70)

      await fault({ kind: 'status', path: '/api1/flipbook-details', status: 500, times: 1 })
      expect((await at.world.call('GET', `/flipbook-details?id=${id}`)).status).toBe(500)

      await fault({ kind: 'timeout-after', path: '/api1/flipbook-design', times: 1, delayMs: 10 })
      await expect(at.world.call('PATCH', '/flipbook-design', { id, title: 'Written' })).rejects.toThrow()
      expect(await details(id)).toMatchObject({ title: 'Written' })

      const oldest = textAt(await list(), 12, 'id')
      await fault({ kind: 'evict', times: 1 })
      await convert(at.origin.servePdf('/evicting.pdf', 1))
      expect(await details(oldest)).toEqual(UNAUTHORIZED)
    })

    test('the white-label host shows in the convert answer only', async () => {
      await act('set-white-label', { host: 'northfield.aflip.in' })
      const body = await convert(at.origin.servePdf('/label.pdf', 1))
      const id = textAt(body, 'id')
      expect(textAt(body, 'url')).toBe(`https://northfield.aflip.in/${id.slice(0, 10)}.html`)
      expect(textAt(await details(id), 'links', 'base')).toContain(at.world.url)
    })
  })
})
