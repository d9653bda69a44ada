import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

const CLICKS_MAX = 12
const TIME_MAX_MS = 120_000

describeInBrowser('the first minutes with a fresh Couplet', { timeout: 150_000 }, () => {
  let world: BrowserWorld
  useBrowserWorld((opened) => {
    world = opened
  })

  test('from the page of a fresh installation to a green, published flow: at most 12 clicks and 2 minutes', async () => {
    const { couplet, browser } = world
    const { page, errors } = await openPage(browser)
    page.setDefaultTimeout(20_000)
    const startedAt = performance.now()
    const clicks: string[] = []
    const click = async (role: 'button' | 'link', name: RegExp | string) => {
      clicks.push(String(name))
      await page.getByRole(role, { name }).first().click()
    }

    await page.goto(couplet.couplet.setUpUrl ?? '')
    await fillIn(page, [
      ['Your name', 'Olive Owner'],
      ['E-mail', 'owner@example.org'],
      ['Password', 'a long enough password'],
      ['Workspace', 'First agency'],
    ])
    await click('button', 'Set up and open Couplet')

    // A running sandbox and three templates that can be tried at once.
    await page.getByRole('heading', { name: 'Your first flow' }).waitFor()
    const templates = page.getByRole('button', { name: /^Use template / })
    await templates.first().waitFor()
    expect(await templates.count()).toBe(3)
    await click('button', 'Use template Keep flipbook tags in step with social tags')

    await click('button', 'See the mapped values')
    await page.getByRole('tab', { name: 'Map', selected: true }).waitFor()
    await page.getByRole('group', { name: 'Flipbook' }).waitFor()
    await click('button', 'Test run')
    await click('button', 'Test all steps')
    await page.getByText(/^The flow came to its end/).waitFor({ timeout: 30_000 })
    await click('link', 'See what changed at Heyzine')
    await page
      .getByText(/ghl:spring/)
      .filter({ visible: true })
      .first()
      .waitFor()
    clicks.push('back')
    await page.goBack()
    await click('button', 'Review and publish v1')
    await click('button', /^Publish version 1/)
    await page.getByText('Version 1 is published').first().waitFor()

    const tookMs = performance.now() - startedAt
    console.log(`first minutes: ${clicks.length} clicks, ${(tookMs / 1_000).toFixed(1)} s`)
    const mine = (await couplet.client.flows.list()).flows.filter(({ isSample }) => !isSample)
    expect(mine).toMatchObject([{ state: 'on', version: 1 }])
    expect(clicks.length, clicks.join(', ')).toBeLessThanOrEqual(CLICKS_MAX)
    expect(tookMs).toBeLessThan(TIME_MAX_MS)
    expect(errors).toEqual([])
    await page.context().close()
  })

  const fillIn = async (page: Page, fields: readonly [string, string][]) => {
    for (const [label, words] of fields) await page.getByLabel(label, { exact: true }).fill(words)
  }
})
