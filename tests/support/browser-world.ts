import { ROOT } from '@couplet/server'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { buildWebApp } from '../../packages/cli/web-build.ts'
import { startTestCouplet, type TestCouplet } from '../../packages/server/test-couplet.ts'
import { launchChromium } from './browser.ts'

/** A whole Couplet with its web app, and a Chromium to look at it. */
export type BrowserWorld = AsyncDisposable & { couplet: TestCouplet; browser: Browser }

/** Builds the web app when it is older than its sources, and starts both. */
export async function openBrowserWorld(options: Parameters<typeof startTestCouplet>[0] = {}): Promise<BrowserWorld> {
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
