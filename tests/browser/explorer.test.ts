import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

describeInBrowser('the catalogue in a real browser', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  const axe = async (page: Page) => expect(await accessibilityViolations(page)).toEqual([])

  test('finds an operation while one types, keeps the search in the address, and narrows by filters', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/catalogue`)
    await page.getByRole('link', { name: /./ }).first().waitFor()
    await page.getByRole('row').nth(20).waitFor()
    // Drawn rows, not all of them.
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    await page.getByRole('searchbox').fill('flipbook tags')
    await page
      .getByRole('row', { name: /flipbook/i })
      .first()
      .waitFor()
    await expect.poll(() => page.url()).toContain('search=flipbook')
    await page.goto(`${couplet.url}/catalogue?connector=highlevel&does=trigger`)
    await page.getByText(/\d+ of \d+ operations/).waitFor()
    expect(await page.getByRole('row', { name: /Heyzine/ }).count()).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('an operation is read, tried in the sandbox and put into a new flow without a line of code', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/catalogue/heyzine.flipbook.list`)
    await page.getByRole('heading', { name: 'Try it' }).waitFor()
    await page.getByRole('button', { name: 'Ask the vendor' }).click()
    await page.getByText(/It worked/).waitFor()
    await page.getByRole('tab', { name: /Calls to the vendor/ }).click()
    await page.getByText('GET').last().waitFor()
    await axe(page)
    await page.getByRole('button', { name: 'Use in a new flow' }).click()
    await page.getByRole('textbox', { name: /Name/ }).fill('From the catalogue')
    await page.getByRole('button', { name: 'Create draft' }).click()
    await page.waitForURL(/\/flows\/.*\/edit/)
    await page.getByText('List flipbooks').first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a word is explained where it stands, and has its place in the glossary', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/catalogue/highlevel.contact.create`)
    await page.getByRole('button', { name: 'Permissions' }).click()
    await page.getByText('A permission a vendor grants').waitFor()
    await page.getByRole('link', { name: 'More in the glossary' }).click()
    await page.waitForURL(/\/glossary#scope/)
    await page.getByRole('searchbox').fill('zap')
    await page.getByRole('link', { name: 'Flow', exact: true }).first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('an OpenAPI file becomes a connector, after a look at what is guessed', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    const file = {
      openapi: '3.0.3',
      info: { title: 'Pet shop', version: '2' },
      servers: [{ url: 'https://api.pets.example/v1' }],
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
      paths: {
        '/pets': {
          get: {
            operationId: 'listPets',
            responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: 'other.yaml' } } } } },
          },
          post: { operationId: 'adoptPet', summary: 'Adopt a pet', responses: {} },
        },
      },
    }
    await page.goto(`${couplet.url}/catalogue/import`)
    await page
      .getByLabel('OpenAPI file')
      .setInputFiles({ name: 'pets.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) })
    await page.getByText('It refers to another file or address').waitFor()
    await page.getByRole('combobox', { name: 'What a repeat of Adopt a pet does' }).click()
    await page.getByRole('option', { name: /A repeat is harmless/ }).click()
    await axe(page)
    await page.getByRole('button', { name: 'Import 2 operations' }).click()
    await page.getByRole('link', { name: 'Show its operations' }).click()
    await page.getByRole('link', { name: 'Adopt a pet' }).click()
    await page.getByText('POST https://api.pets.example/v1/pets').or(page.getByText('POST /pets')).first().waitFor()
    await page.getByText('Sending again leaves the same result').waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a cURL command becomes a step of a flow, without its secret', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    const flow = await couplet.client.flows.create({ body: { from: 'blank', name: 'With a command' } })
    await page.goto(`${couplet.url}/flows/${flow.id}/edit`)
    await page
      .getByRole('button', { name: /Add (a )?step/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'From a cURL command' }).click()
    await page
      .getByRole('textbox', { name: /cURL command/ })
      .fill("curl https://api.example.com/items -H 'Authorization: Bearer abc-123' -d '{\"a\":1}'")
    await page.getByRole('button', { name: 'Read the command' }).click()
    await page.getByText('Left out: Authorization (header)').waitFor()
    await page.getByRole('button', { name: 'Add this step' }).click()
    await page.getByText('POST api.example.com/items').first().waitFor()
    await expect
      .poll(async () => JSON.stringify((await couplet.client.flows.get({ params: { flow: flow.id } })).draft), { timeout: 15_000 })
      .toContain('api.example.com/items')
    expect(JSON.stringify((await couplet.client.flows.get({ params: { flow: flow.id } })).draft)).not.toContain('abc-123')

    // The same in the panel of the step, which it fills anew.
    await page.getByRole('tab', { name: 'Setup' }).click()
    await page.getByRole('button', { name: 'Fill from a cURL command' }).click()
    await page
      .getByRole('textbox', { name: /cURL command/ })
      .fill("curl -X PUT 'https://api.example.com/items/7?token=def-456' --json '{\"b\":2}'")
    await page.getByRole('button', { name: 'Read the command' }).click()
    await page.getByText('Left out: token (query)').waitFor()
    await axe(page)
    await page.getByRole('button', { name: 'Fill this step' }).click()
    const draft = async () => JSON.stringify((await couplet.client.flows.get({ params: { flow: flow.id } })).draft)
    await expect.poll(draft, { timeout: 15_000 }).toContain('items/7')
    expect(await draft()).toContain('"PUT"')
    expect(await draft()).not.toContain('def-456')
    expect(errors).toEqual([])
    await page.context().close()
  })

  const screens = ['/catalogue', '/catalogue/highlevel.contact.create', '/catalogue/import', '/glossary']
  test.each(screens.flatMap((screen) => (['light', 'dark'] as const).map((scheme) => [screen, scheme] as const)))(
    '%s in %s has no accessibility violation and fits a phone',
    async (screen, scheme) => {
      const { page } = await openPage(browser, { couplet, scheme })
      await page.goto(`${couplet.url}${screen}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('networkidle').catch(() => undefined)
      await axe(page)
      await page.setViewportSize({ width: 390, height: 844 })
      expect(
        Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')),
      ).toBeLessThanOrEqual(0)
      await page.context().close()
    },
  )
})
