import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

describeInBrowser('dashboards in a real browser', { timeout: 120_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  test('a new user has a living dashboard within a minute, follows a figure to its posts, and makes a report', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/dashboards`)
    await page.getByRole('button', { name: 'Collect from the sandbox now' }).click()
    await page.getByRole('tab', { name: 'Overview' }).waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: /^Reach/ }).click()
    await page.getByText('Reach by day').waitFor()
    expect(page.url()).toContain('metric=reach')
    await page.getByRole('button', { name: 'Show as table' }).click()
    await page.getByRole('columnheader', { name: 'Reach' }).first().waitFor()

    await page.getByRole('tab', { name: /^Locations/ }).click()
    await page.getByRole('button', { name: 'Bright Smile Dental' }).click()
    await page.getByRole('tab', { name: 'Overview', selected: true }).waitFor()
    expect(page.url()).toMatch(/location=%22?\d+/)
    await page.getByRole('tab', { name: 'Posts' }).click()
    await page.getByRole('link', { name: 'Runs that dealt with this post' }).first().waitFor({ timeout: 30_000 })

    await page.getByRole('tab', { name: 'Reports' }).click()
    await page.getByRole('button', { name: 'Make a report of this' }).click()
    await page.getByRole('img', { name: /^Page 1 of/ }).waitFor({ timeout: 30_000 })
    await page.getByRole('link', { name: 'Open PDF' }).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)('every view in %s has no accessibility violation and fits on a phone', async (scheme) => {
    const { page } = await openPage(browser, { couplet, scheme })
    // Colours are the only difference in the dark: the views with charts and badges show all of them.
    for (const tab of scheme === 'light'
      ? ['overview', 'locations', 'tags', 'times', 'posts', 'reports', 'collection']
      : ['overview', 'times']) {
      await page.setViewportSize({ width: 1_440, height: 900 })
      await page.goto(`${couplet.url}/dashboards?tab=${tab}`)
      await page.getByRole('tabpanel').waitFor()
      await expect.poll(() => page.locator('[role=status][aria-label^=Loading]').count(), { timeout: 20_000 }).toBe(0)
      expect(await accessibilityViolations(page), tab).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
      expect(overflow, tab).toBeLessThanOrEqual(0)
    }
    await page.context().close()
  })
})
