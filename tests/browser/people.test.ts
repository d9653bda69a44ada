import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

const PASSWORD = 'a long enough password'

describeInBrowser('people in a real browser', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  test('the printed link leads through one small form into the app, and out and in again', async () => {
    const { page, errors } = await openPage(browser, { width: 390 })
    await page.goto(couplet.couplet.setUpUrl ?? '')
    await page.getByLabel('Your name').fill('Olive Owner')
    expect(page.url(), 'the secret leaves the address at once').not.toContain('#')
    expect(await accessibilityViolations(page)).toEqual([])
    await page.getByLabel('E-mail').fill('owner@example.org')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Workspace').fill('First agency')
    await page.keyboard.press('Enter')
    await page.getByRole('navigation', { name: 'Main' }).first().waitFor()
    expect(errors).toEqual([])

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Forgotten your password?' }).click()
    await page.getByText('This Couplet sends no e-mail').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    await page.goto(`${couplet.url}/tables`)
    await page.getByLabel('E-mail').fill('owner@example.org')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Tables' }).waitFor()
    await page.context().close()
  })

  test('somebody invited as a viewer joins, sees flows, and is told why publishing is not for them', async () => {
    const { url } = await couplet.client.people.invite({ body: { email: 'vic@example.org', role: 'viewer' } })
    const { page, errors } = await openPage(browser)
    await page.goto(url)
    await page.getByRole('heading', { name: 'Join First agency' }).waitFor()
    await page.getByLabel('Your name').fill('Vic Viewer')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('navigation', { name: 'Main' }).first().waitFor()
    await page.goto(`${couplet.url}/connections`)
    const add = page.getByRole('button', { name: 'Add connection' }).first()
    await add.waitFor()
    expect(await add.getAttribute('aria-disabled')).toBe('true')
    await add.hover({ force: true })
    await page.getByText('Your role (viewer) may not do this').first().waitFor()
    await page.goto(`${couplet.url}/settings/audit`)
    await page.getByText('Your role (viewer) may not do this').waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)(
    'account, people, tokens and audit log in %s have no accessibility violation, nor are they too wide',
    async (scheme) => {
      const { page } = await openPage(browser, { scheme, width: 390 })
      await page.goto(`${couplet.url}/account`)
      await page.getByLabel('E-mail').fill('owner@example.org')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.keyboard.press('Enter')
      for (const path of ['/account', '/settings/people', '/settings/tokens', '/settings/audit']) {
        await page.goto(couplet.url + path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle').catch(() => undefined)
        expect(await accessibilityViolations(page), path).toEqual([])
        const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
        expect(overflow, path).toBeLessThanOrEqual(0)
      }
      await page.context().close()
    },
  )

  test('an authenticator app is set up on a phone: the code and the key are whole, and Enter goes on', async () => {
    const { page, errors } = await openPage(browser, { scheme: 'dark', width: 390, height: 844 })
    await page.goto(`${couplet.url}/account`)
    await page.getByLabel('E-mail').fill('owner@example.org')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Scan with the app' })
    await dialog.getByRole('img', { name: /^Code to scan/ }).waitFor()
    const cut = await page.evaluate(
      `[...document.querySelectorAll('[role=dialog] *')].filter((one) => one.getBoundingClientRect().right > 390).map((one) => one.outerHTML.slice(0, 80))`,
    )
    expect(cut).toEqual([])
    expect(await accessibilityViolations(page)).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  })
})
