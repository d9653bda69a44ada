import { ROOT } from '@couplet/server'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { buildWebApp } from '../../packages/cli/web-build.ts'
import { startTestCouplet, type TestCouplet } from '../../packages/server/test-couplet.ts'
import { chromiumPath, launchChromium, NO_CHROMIUM } from './browser.ts'

/** A whole Couplet with its web app, and a Chromium to look at it. */
export type BrowserWorld = { couplet: TestCouplet; browser: Browser }
type Options = NonNullable<Parameters<typeof startTestCouplet>[0]>

/** A build of the web app may come first. */
const OPEN_MS = 180_000

/** Tests that need Chromium; without it they are skipped, and it is said how to get it. */
export function describeInBrowser(title: string, options: { timeout: number }, tests: () => void): void {
  if (chromiumPath === undefined) console.warn(NO_CHROMIUM)
  describe.skipIf(chromiumPath === undefined)(title, options, tests)
}

/** One world for all tests of a suite: handed over before the first, closed after the last. `options` is asked just before it opens. */
export function useBrowserWorld(opened: (world: BrowserWorld) => unknown, options: () => Options | Promise<Options> = () => ({})): void {
  let world: (AsyncDisposable & BrowserWorld) | undefined
  beforeAll(async () => {
    world = await openBrowserWorld(await options())
    await opened(world)
  }, OPEN_MS)
  afterAll(() => world?.[Symbol.asyncDispose]())
}

/** Builds the web app when it is older than its sources, and starts both. */
async function openBrowserWorld(options: Options): Promise<AsyncDisposable & BrowserWorld> {
  await using parts = new AsyncDisposableStack()
  await buildWebApp(ROOT, () => undefined)
  const couplet = parts.use(await startTestCouplet(options))
  const browser = await launchChromium()
  parts.defer(() => browser.close())
  const kept = parts.move()
  return { couplet, browser, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** What keeps people from using the page, each with the elements it concerns. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
}
