import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, NO_CHROMIUM, openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, openBrowserWorld } from '../support/browser-world.ts'

if (chromiumPath === undefined) console.warn(NO_CHROMIUM)

describe.skipIf(chromiumPath === undefined)('the web app in a real browser', { timeout: 60_000 }, () => {
  let world: BrowserWorld
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']

  beforeAll(async () => {
    world = await openBrowserWorld()
    ;({ couplet, browser } = world)
  }, 120_000)
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  const flowOf = async (template: string) => {
    const found = (await couplet.client.flows.list()).flows.find((flow) => flow.template === template)
    if (!found) throw new Error(`No flow of ${template}`)
    return found
  }

  test('a first visitor sees a ready sandbox with flows, and nothing is broken', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.goto(`${couplet.url}/flows`)
    await page.getByText('Social tags to flipbooks').first().waitFor()
    expect(await page.getByText('Payaca tags to HighLevel').count()).toBeGreaterThan(0)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a renamed tag becomes a run that shows every call, and a changed flipbook at the vendor', async () => {
    const flow = await flowOf('social-tags-to-flipbooks')
    await couplet.client.flows.poll({ params: { flow: flow.id } })
    const { vendors } = await couplet.client.sandbox.get()
    const highlevel = vendors.find((vendor) => vendor.vendor === 'highlevel')
    await fetch(`${highlevel?.url ?? ''}/__sim/actions/rename-tag`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tagId: '8f54c67ab9ca23337d9daa1c', tag: 'autumn-sale' }),
    })
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/flows/${flow.id}`)
    await page.getByRole('button', { name: 'Poll now' }).click()
    await expect
      .poll(async () => (await couplet.client.runs.list({ query: { flow: flow.id } })).runs[0]?.state, { timeout: 20_000 })
      .toBe('done')
    const run = (await couplet.client.runs.list({ query: { flow: flow.id } })).runs[0]
    await page.goto(`${couplet.url}/runs/${run?.id ?? ''}`)
    await page.getByText("Set the flipbook's tags").first().waitFor()
    await page.getByText("Set the flipbook's tags").first().click()
    await page.getByText('/api1/flipbook-design').first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('the builder opens a flow, shows its steps and the mapping of one', async () => {
    const flow = await flowOf('any-endpoint')
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/flows/${flow.id}/edit`)
    await page.getByText('List the categories').first().waitFor()
    await page.getByText('Write them under the title').first().click()
    await page.getByRole('tab', { name: 'Map' }).click()
    await page.getByText('Subtitle').first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  const screens = ['/', '/flows', '/runs', '/connections', '/tables', '/tasks', '/sandbox', '/settings']
  test.each(screens.flatMap((screen) => (['light', 'dark'] as const).map((scheme) => [screen, scheme] as const)))(
    '%s in %s has no accessibility violation',
    async (screen, scheme) => {
      const { page } = await openPage(browser, { couplet, scheme })
      await page.goto(`${couplet.url}${screen}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('networkidle').catch(() => undefined)
      expect(await accessibilityViolations(page)).toEqual([])
      await page.context().close()
    },
  )

  test.each([390, 1_440])('nothing is wider than the screen at %i px', async (width) => {
    const { page } = await openPage(browser, { couplet, width, height: 844 })
    for (const screen of screens) {
      await page.goto(`${couplet.url}${screen}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
      expect(overflow, screen).toBeLessThanOrEqual(0)
    }
    await page.context().close()
  })
})
