import { createServer } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

/** Refuses what it gets until told otherwise. */
const receiver = { status: 422, seen: [] as string[] }
const server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    receiver.seen.push(text)
    response.writeHead(receiver.status, { 'content-type': 'application/json' }).end('{}')
  })
})

describeInBrowser('watching over flows in a real browser', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  let address = ''
  useBrowserWorld(
    (world) => ({ couplet, browser } = world),
    async () => {
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      const bound = server.address()
      address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`
      return { settings: { COUPLET_ALLOWED_HOSTS: address } }
    },
  )
  afterAll(() => server.close())

  const axe = async (page: Page) => expect(await accessibilityViolations(page)).toEqual([])

  test('failed runs become one incident, which a person opens, takes, mends and replays', async () => {
    const { id } = await couplet.client.flows.create({ body: { from: 'blank', name: 'Tells the office', environment: 'sandbox' } })
    const flow = await couplet.client.flows.get({ params: { flow: id } })
    await couplet.client.flows.saveDraft({
      params: { flow: id },
      body: {
        fromRevision: flow.draftRevision,
        definition: {
          format: 1,
          name: 'Tells the office',
          trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
          slots: {},
          steps: [
            {
              id: 'tell',
              kind: 'action',
              operation: 'builtin.http.send',
              version: 1,
              input: { url: { kind: 'value', value: `http://${address}/office` }, method: { kind: 'value', value: 'POST' } },
            },
          ],
        },
      },
    })
    await couplet.client.flows.publish({ params: { flow: id }, body: {} })
    for (let run = 0; run < 3; run++) await couplet.client.flows.start({ params: { flow: id }, body: {} })

    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/`)
    await page.getByText('Tells the office fails at step tell: 3 runs').waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: /^Look into it: Tells the office/ }).click()
    await page.getByRole('heading', { name: 'What to do' }).waitFor()
    await axe(page)
    await page.getByRole('button', { name: 'I am on it' }).click()
    await page.getByText('Taken by').waitFor()
    receiver.status = 200
    await page.getByRole('button', { name: 'Replay 3 runs' }).click()
    await expect
      .poll(async () => (await couplet.client.incidents.list({ query: { state: 'open' } })).incidents, { timeout: 30_000 })
      .toEqual([])
    await page.goto(`${couplet.url}/incidents?view=ended`)
    await page.getByText('Tells the office fails at step tell: 3 runs').waitFor()

    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('searchbox', { name: 'Any id' }).fill('tell')
    await page.getByText('This is the id of a step').waitFor()
    await page.getByLabel('Calls').getByText('422').first().waitFor()
    await page.getByRole('link', { name: 'Tells the office fails at step tell: 3 runs' }).waitFor()
    expect(page.url()).toContain('id=tell')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a channel is added and tested, and a rule is changed', async () => {
    receiver.seen.length = 0
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/settings/alerts`)
    await page.getByRole('button', { name: 'Add a channel' }).click()
    await page.getByLabel('Name').fill('#operations')
    await page.getByLabel(/^Address of the webhook/).fill(`http://${address}/slack`)
    await page.getByRole('button', { name: 'Add channel' }).click()
    await page.getByRole('button', { name: 'Send a test to #operations' }).click()
    await expect.poll(() => receiver.seen.length).toBe(1)
    expect(receiver.seen[0]).toContain('Test: alerts reach')
    await page.getByRole('button', { name: 'Edit Runs keep failing' }).click()
    await page.getByLabel('Runs with the same cause').fill('5')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The same failure 5 times').waitFor()
    await axe(page)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('how long things are kept is changed, with a word about what goes, and a wrong number is refused', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/settings`)
    await page.getByRole('link', { name: /^Retention/ }).click()
    const days = page.getByLabel('Webhooks as they came, days')
    await days.fill('0')
    await page.getByText('Write a number from 1 to 3,650.').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await days.fill('14')
    await page.getByText('cannot be brought back').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Retention saved').waitFor()
    expect((await couplet.client.system.retention()).rules).toEqual({
      runsDays: 90,
      runsMax: 1_000_000,
      deliveriesDays: 14,
      deliveriesMax: 1_000_000,
    })
    expect(errors).toEqual([])
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)(
    'incidents, alert settings, retention and the log have no accessibility violation in %s, and fit a phone',
    async (scheme) => {
      const { page } = await openPage(browser, { couplet, scheme, width: 390, height: 844 })
      for (const screen of ['/incidents', '/incidents?view=alerts', '/settings/alerts', '/settings/retention', '/log?id=tell', '/log']) {
        await page.goto(`${couplet.url}${screen}`)
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        await page.waitForLoadState('networkidle').catch(() => undefined)
        await axe(page)
        const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
        expect(overflow, screen).toBeLessThanOrEqual(0)
        const shots = process.env['COUPLET_SHOTS']
        if (shots !== undefined) await page.screenshot({ path: `${shots}/${screen.replaceAll(/\W+/g, '-')}-${scheme}.png` })
      }
      await page.context().close()
    },
  )
})
