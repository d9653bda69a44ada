import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

/** Takes every order and hangs up without an answer, so that the sender cannot know whether it arrived. */
const silentShop = createServer((request) => {
  request.resume()
  request.on('end', () => request.socket.destroy())
})

describeInBrowser('what needs a person', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  let shop = ''
  useBrowserWorld(
    (world) => ({ couplet, browser } = world),
    async () => {
      await new Promise<void>((resolve) => silentShop.listen(0, '127.0.0.1', resolve))
      shop = `127.0.0.1:${(silentShop.address() as AddressInfo).port}`
      return { settings: { COUPLET_ALLOWED_HOSTS: shop } }
    },
  )
  afterAll(() => silentShop.close())

  test('three uncertain writes of one cause are one group; one decision answers those that are ticked, and no other', async () => {
    const { client, url } = couplet
    const flow = await client.flows.create({
      body: {
        from: 'file',
        text: JSON.stringify({
          format: 1,
          name: 'Order a banner',
          slots: {},
          trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
          steps: [
            {
              id: 'order',
              kind: 'action',
              title: 'Order the banner',
              operation: 'builtin.http.send',
              version: 1,
              input: {
                method: { kind: 'value', value: 'POST' },
                url: { kind: 'value', value: `http://${shop}/orders` },
                body: { kind: 'object', fields: { size: { kind: 'value', value: '3 x 1 m' } } },
              },
            },
          ],
        }),
      },
    })
    await client.flows.publish({ params: { flow: flow.id }, body: {} })
    for (let count = 0; count < 3; count++) await client.flows.start({ params: { flow: flow.id }, body: {} })
    await expect.poll(async () => (await client.runs.counts({ query: { flow: flow.id } })).counts.parked, { timeout: 20_000 }).toBe(3)

    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${url}/runs?view=needs`)
    const group = page.getByRole('region', { name: 'Did “Order the banner” arrive? Order a banner' })
    await group.getByRole('button', { name: 'It happened in 3 runs' }).waitFor()
    await group.getByText('What was sent and answered').first().click()
    await group.getByText('3 x 1 m').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await group.getByRole('checkbox').first().uncheck()
    await group.getByRole('button', { name: 'It happened in 2 runs' }).click()
    await expect
      .poll(async () => (await client.runs.counts({ query: { flow: flow.id } })).counts, { timeout: 20_000 })
      .toMatchObject({ done: 2, parked: 1 })

    await group.getByRole('button', { name: 'Cancel run' }).click()
    await page.getByText('Nothing needs you').waitFor()
    expect((await client.runs.counts({ query: { flow: flow.id } })).counts).toMatchObject({ done: 2, cancelled: 1, parked: 0 })

    await page.getByRole('button', { name: 'All runs' }).click()
    await page.getByRole('link', { name: 'Order a banner' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'Run', exact: true })
    await drawer.getByText('Order the banner').first().waitFor()
    expect(new URL(page.url()).searchParams.get('run')).toMatch(/^run_/)
    expect(await accessibilityViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    expect(new URL(page.url()).searchParams.get('run')).toBeNull()
    expect(errors).toEqual([])
    await page.context().close()
  })
})
