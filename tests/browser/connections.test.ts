import { HIGHLEVEL_SAMPLE, HEYZINE_PREMIUM } from '@couplet/simulators'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

const { app, agencyApp, locations } = HIGHLEVEL_SAMPLE
/** The simulated vendor has no picture for the browser's tab. */
const isOfVendor = (error: string): boolean => error.includes('404')

const LOOKS = [
  ['light', 1_440],
  ['dark', 390],
] as const

/** Fit for everybody, and no wider than the screen. */
async function isFit(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => true)')
  expect(await accessibilityViolations(page), name).toEqual([])
  const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
  expect(overflow, name).toBeLessThanOrEqual(0)
}

describeInBrowser('connecting accounts in a real browser', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  let vendors: Record<string, string> = {}
  useBrowserWorld(async (world) => {
    ;({ couplet, browser } = world)
    vendors = Object.fromEntries((await couplet.client.sandbox.get()).vendors.map((one) => [one.vendor, one.url]))
  })

  /** Enters an app of one's own at the simulated vendor and leaves for its consent page. */
  async function leaveWithApp(page: Page, level: 'Sub-account' | 'Agency', given: { clientId: string; clientSecret: string }) {
    const vendor = vendors['highlevel'] ?? ''
    await page.goto(`${couplet.url}/connections?add=highlevel`)
    const sheet = page.getByRole('dialog')
    await sheet.getByText('By consent').click()
    const another = sheet.getByRole('button', { name: 'Another app' })
    await another.or(sheet.getByLabel('Client id')).first().waitFor()
    if (await another.isVisible()) await another.click()
    await sheet.getByText(level, { exact: true }).click()
    await sheet.getByLabel('Name').fill(`Our app (${level})`)
    await sheet.getByLabel('Client id').fill(given.clientId)
    await sheet.getByLabel('Client secret').fill(given.clientSecret)
    await sheet.getByLabel('Permissions of the app').fill('locations.readonly socialplanner/tag.readonly')
    await sheet.getByText('White label, sandbox and PKCE').click()
    await sheet.getByText('Sandbox', { exact: true }).click()
    await sheet.getByLabel('Consent page').fill(`${vendor}/v2/oauth/chooselocation`)
    await sheet.getByLabel('Base URL of the API').fill(vendor)
    if (level === 'Agency') await isFit(page, 'app')
    await sheet.getByRole('button', { name: 'Add the app' }).click()
    await sheet.getByRole('button', { name: 'Continue at HighLevel' }).click()
    await page.waitForURL(/chooselocation/)
  }

  test('by consent: off to the vendor, back with a connection that was tested, and no code stays in the address', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await leaveWithApp(page, 'Sub-account', app)
    await page.locator(`a[href*="choose=${locations.plumber.id}"]`).click()
    await page.waitForURL(/\/connections\/con_/)
    await page.getByRole('list', { name: 'Result of the test' }).waitFor()
    expect(page.url()).not.toContain('code=')
    await isFit(page, 'connection by consent')
    expect(errors.filter((error) => !isOfVendor(error))).toEqual([])
    await page.context().close()
  })

  test('one consent of an agency connects the sub-accounts that are chosen', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await leaveWithApp(page, 'Agency', agencyApp)
    await page.locator('a[href*="choose="]').first().click()
    await page.waitForURL(/\/connections\/agencies\//)
    await page.getByRole('button', { name: /^Choose all/ }).waitFor()
    await page.getByRole('button', { name: /^Choose all/ }).click()
    await isFit(page, 'agency light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    await isFit(page, 'agency dark')
    await page.getByRole('button', { name: /^Connect \d+ sub-account/ }).click()
    await page.getByText('connected', { exact: true }).first().waitFor()
    expect((await couplet.client.connections.list()).connections.filter(({ isByConsent }) => isByConsent).length).toBeGreaterThan(1)
    expect(errors.filter((error) => !isOfVendor(error))).toEqual([])
    await page.context().close()
  })

  test.each(LOOKS)('the three ways to connect are fit in %s at %i px', async (scheme, width) => {
    const { page } = await openPage(browser, { couplet, scheme, width })
    await page.goto(`${couplet.url}/connections?add=choose`)
    await page.getByRole('dialog').getByText('Turns a PDF').waitFor()
    await isFit(page, `vendors ${scheme}`)
    await page.goto(`${couplet.url}/connections?add=highlevel`)
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Add and test' }).waitFor()
    await isFit(page, `entered ${scheme}`)
    await sheet.getByText('Ask the client').click()
    await sheet.getByText('Sandbox or another address').click()
    await isFit(page, `link ${scheme}`)
    await page.goto(`${couplet.url}/oauth/callback?state=made-up&code=stolen`)
    await page.getByRole('alert').waitFor()
    expect(page.url()).not.toContain('stolen')
    await isFit(page, `callback ${scheme}`)
    await page.context().close()
  })

  test.each(LOOKS)('a client without an account connects by the link, in %s at %i px', async (scheme, width) => {
    const { url } = await couplet.client.connectLinks.create({
      body: {
        connector: 'heyzine',
        environment: 'sandbox',
        name: `Bright Dental ${scheme}`,
        origin: `${vendors['heyzine'] ?? ''}/api1`,
        note: 'For the monthly report.',
      },
    })
    const { page, errors } = await openPage(browser, { scheme, width })
    await page.goto(url)
    await page.getByText('For the monthly report.').waitFor()
    expect(page.url(), 'the secret leaves the address at once').not.toContain('#')
    await isFit(page, `connect ${scheme}`)
    await page.getByLabel('Client id').fill(HEYZINE_PREMIUM.clientId)
    await page.getByLabel('API key').fill(HEYZINE_PREMIUM.apiKey)
    await page.getByRole('button', { name: 'Connect the account' }).click()
    await page.getByText(`Bright Dental ${scheme} is connected.`).waitFor()
    await isFit(page, `connected ${scheme}`)
    // Used once: whoever opens it again is told so.
    await page.goto('about:blank')
    await page.goto(url)
    await page.getByRole('alert').waitFor()
    expect(errors.filter((error) => !error.includes('422'))).toEqual([])
    await page.context().close()
  })

  describe('promoting a flow to live accounts', () => {
    let flow = ''
    beforeAll(async () => {
      const { client } = couplet
      const live = (connector: string, name: string, origin: string, facts: Record<string, string>, secrets: Record<string, string>) =>
        client.connections.create({ body: { connector, name, environment: 'live', origin, facts, secrets } })
      const { dentist, plumber } = locations
      await live('highlevel', 'Dentist (live)', vendors['highlevel'] ?? '', { locationId: dentist.id }, { token: dentist.pit })
      const { connections } = await client.connections.list()
      const sandbox =
        connections.find(
          ({ environment, facts, isByConsent }) => environment === 'sandbox' && facts['locationId'] === plumber.id && !isByConsent,
        )?.id ?? ''
      const { choices } = await client.catalogue.choices({
        body: { connector: 'highlevel', list: 'contact-fields', given: {}, connection: sandbox },
      })
      const made = await client.flows.create({
        body: {
          from: 'file',
          text: JSON.stringify({
            format: 1,
            name: 'Keep the boiler',
            slots: { location: { connector: 'highlevel' } },
            trigger: { operation: 'builtin.manual.started', version: 1, input: {} },
            steps: [
              {
                kind: 'action',
                id: 'keep',
                title: 'Keep the contact',
                operation: 'highlevel.contact.upsert',
                version: 1,
                connection: 'location',
                input: {
                  email: { kind: 'value', value: 'ada@example.com' },
                  customFields: {
                    kind: 'value',
                    value: [{ id: choices.find(({ label }) => label === 'Boiler model')?.value, value: 'X 200' }],
                  },
                },
              },
            ],
          }),
        },
      })
      flow = made.id
      await client.flows.setBindings({ params: { flow }, body: { bindings: { location: [sandbox] } } })
      await client.flows.publish({ params: { flow }, body: {} })
    })

    test.each(LOOKS)('shows in %s at %i px what it changes, where, and in red that it is live', async (scheme, width) => {
      const { page } = await openPage(browser, { couplet, scheme, width })
      await page.goto(`${couplet.url}/flows/${flow}`)
      await page.getByRole('button', { name: 'Promote to live' }).click()
      const dialog = page.getByRole('dialog', { name: 'Promote to live' })
      await dialog.getByText('Changes live data').waitFor()
      await dialog.getByText('The live accounts have 1 value of the same name: Boiler model.').waitFor()
      await isFit(page, `promote ${scheme}`)
      await page.context().close()
    })

    test('takes the field of the same name, shows the first write, and switches it on', async () => {
      const { page, errors } = await openPage(browser, { couplet })
      await page.goto(`${couplet.url}/flows/${flow}`)
      await page.getByRole('button', { name: 'Promote to live' }).click()
      const dialog = page.getByRole('dialog', { name: 'Promote to live' })
      await dialog.getByRole('button', { name: 'Use it' }).click()
      await dialog.getByText('The live account knows it.').waitFor()
      await dialog.getByRole('button', { name: 'Show the first writes' }).click()
      await dialog.getByText('/contacts/upsert').waitFor()
      await isFit(page, 'first writes')
      await dialog.getByRole('button', { name: 'Switch it on with live accounts' }).click()
      await page.getByText('Version 2 is live').waitFor()
      expect(await couplet.client.flows.get({ params: { flow } })).toMatchObject({ environment: 'live', state: 'on', version: 2 })
      // From here on the builder and a run by hand bear the mark.
      await page.goto(`${couplet.url}/flows/${flow}/edit`)
      await page.getByText('Changes live data').waitFor()
      await page.goto(`${couplet.url}/flows/${flow}`)
      await page.getByRole('button', { name: 'Run by hand' }).click()
      await page.getByRole('dialog').getByText('Changes live data').waitFor()
      expect(errors).toEqual([])
      await page.context().close()
    })
  })
})
