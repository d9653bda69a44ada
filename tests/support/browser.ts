import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestCouplet } from '../../packages/server/test-couplet.ts'
import { type Browser, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The Chromium of this machine, or `undefined`: browser journeys are skipped then. */
export const chromiumPath: string | undefined = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file))

/** Said once when there is none. */
export const NO_CHROMIUM = 'Browser journeys are skipped: no Chromium on the PATH. Get it with "apt-get install chromium".'

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath ?? '', args: FLAGS })

/**
 * A page, signed in as the owner of `couplet` when one is given, that gathers what a person would never see: errors of scripts and of the console.
 */
export async function openPage(
  browser: Browser,
  options: { couplet?: Pick<TestCouplet, 'url' | 'owner'>; width?: number; height?: number; scheme?: 'light' | 'dark' } = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1_440, height: options.height ?? 900 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
  })
  if (options.couplet) {
    const { cookie } = await options.couplet.owner()
    const [name = '', value = ''] = cookie.split(/=(.*)/s)
    await context.addCookies([{ name, value, url: options.couplet.url, httpOnly: true, sameSite: 'Lax' }])
  }
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return { page, errors }
}
