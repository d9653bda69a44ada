import type { Page } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, vi } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'
import { walkByTab } from '../support/reachable.ts'
import { allScreens, AT_THE_DOOR, declaredRoutes, ONLY_IN_JOURNEYS } from '../support/screens.ts'

/** The elements that reach over the edge of the window, for the message. */
const REACHING_OUT = `[...document.querySelectorAll('body *')]
  .filter((at) => at.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && at.getBoundingClientRect().width > 0)
  .slice(0, 4).map((at) => at.tagName + '.' + at.className + ' ' + (at.textContent ?? '').slice(0, 30)).join(' | ')`

describeInBrowser('every screen', { timeout: 600_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  let screens: Record<string, string[]>
  useBrowserWorld(async (world) => {
    ;({ couplet, browser } = world)
    await couplet.owner()
    screens = await allScreens(couplet, await failedRun())
  })

  /** A run that failed, and the incident it is gathered in. */
  const failedRun = async () => {
    const { flows } = await couplet.client.flows.list()
    const flow = flows.find(({ template }) => template === 'any-endpoint')?.id ?? ''
    const fact = { startedAt: new Date().toISOString(), values: { flipbookId: 'not-known' } }
    const { runId } = await couplet.client.flows.start({ params: { flow }, body: { fact } })
    const incident = await vi.waitFor(
      async () => {
        const [first] = (await couplet.client.incidents.list({ query: {} })).incidents
        if (!first) throw new Error('The run has not failed yet')
        return first.id
      },
      { timeout: 30_000, interval: 200 },
    )
    return { run: runId, incident }
  }
  const settled = async (page: Page) => {
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))')
    await page.locator('h1, [role=dialog] h2').first().waitFor()
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
    await page.evaluate('document.fonts.ready')
  }

  test('the list of screens is complete', () => {
    const known = [...Object.keys(screens), ...ONLY_IN_JOURNEYS, ...AT_THE_DOOR]
    expect(declaredRoutes().toSorted()).toEqual(known.toSorted())
  })

  test('is free of accessibility violations in light and dark, walked through by Tab with the focus in sight, and fits 360 to 2,560 px', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(couplet.url)
    await settled(page)
    const wrong: Record<string, unknown> = {}
    for (const screen of Object.values(screens).flat()) {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      // Within the app, as links go: the parts every screen shares are loaded once.
      await page.evaluate(`history.pushState({}, '', ${JSON.stringify(screen)})`)
      await settled(page)
      let violations = await accessibilityViolations(page)
      if (violations.length > 0) {
        // A dialog may have been caught while it opened.
        await page.waitForTimeout(1_000)
        violations = await accessibilityViolations(page)
      }
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
      // Of the rules only these depend on the colours.
      const lookInDark = async () =>
        (await new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']).analyze()).violations.flatMap(({ nodes }) =>
          nodes.map((node) => node.target.join(' ')),
        )
      let inDark = await lookInDark()
      if (inDark.length > 0) {
        // It may have been caught between the two colour schemes: what counts is how it opens in the dark.
        await page.goto(`${couplet.url}${screen}`)
        await settled(page)
        await page.waitForTimeout(500)
        inDark = await lookInDark()
      }
      const tooWide: string[] = []
      for (const width of [360, 2_560, 1_440]) {
        await page.setViewportSize({ width, height: 900 })
        const over = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
        if (over > 0) tooWide.push(`${over} px at ${width}: ${String(await page.evaluate(REACHING_OUT))}`)
      }
      const { notReached, notSeen } = await walkByTab(page)
      if ([violations, inDark, notReached, notSeen, tooWide].some(({ length }) => length > 0))
        wrong[screen] = { violations, inDark, notReached, notSeen, tooWide }
    }
    expect(wrong).toEqual({})
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('nothing moves for people who ask for less motion', async () => {
    const { page } = await openPage(browser, { couplet })
    const longest = async (reducedMotion: 'reduce' | 'no-preference') => {
      await page.emulateMedia({ reducedMotion })
      return Number(
        await page.evaluate(
          `Math.max(...[...document.querySelectorAll('*')].flatMap((at) => { const style = getComputedStyle(at); return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')].map(parseFloat) }))`,
        ),
      )
    }
    for (const screen of ['/', '/flows?new=template', '/runs']) {
      await page.goto(couplet.url + screen)
      await settled(page)
      expect(await longest('no-preference'), screen).toBeGreaterThan(0.05)
      expect(await longest('reduce'), screen).toBeLessThan(0.01)
    }
    await page.context().close()
  })

  test.each(AT_THE_DOOR)('%s has no accessibility violation for somebody who is not signed in', async (path) => {
    const { page } = await openPage(browser, {})
    await page.goto(`${couplet.url}${path}#a-link-that-has-expired`)
    await settled(page)
    expect(await accessibilityViolations(page)).toEqual([])
    const { notReached, notSeen } = await walkByTab(page)
    expect({ notReached, notSeen }).toEqual({ notReached: [], notSeen: [] })
    await page.context().close()
  })
})
