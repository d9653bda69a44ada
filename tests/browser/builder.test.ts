import type { FlowDetail } from '@couplet/api'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { accessibilityViolations, type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'
import { actionStep, longFlow, pill, value } from '../support/flow-parts.ts'

const HOOK = { operation: 'builtin.webhook.received', version: 1, input: {} }

describeInBrowser('the builder in a real browser', { timeout: 90_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  /** A draft from a definition, with its sandbox accounts. */
  async function draft(name: string, definition: object): Promise<FlowDetail> {
    const made = await couplet.client.flows.create({
      body: { from: 'file', text: JSON.stringify({ format: 1, name, slots: {}, ...definition }) },
    })
    const { connections } = await couplet.client.connections.list()
    const slots = Object.keys((made.draft as { slots: Record<string, { connector: string }> }).slots)
    const bindings = Object.fromEntries(
      slots.map((slot) => [
        slot,
        connections
          .filter((one) => one.connector === slot && one.environment === 'sandbox')
          .map(({ id }) => id)
          .slice(0, 1),
      ]),
    )
    return couplet.client.flows.setBindings({ params: { flow: made.id }, body: { bindings } })
  }
  async function openBuilder(flow: { id: string }, options: Parameters<typeof openPage>[1] & { search?: string } = {}) {
    const opened = await openPage(browser, { couplet, ...options })
    opened.page.setDefaultTimeout(20_000)
    await opened.page.goto(`${couplet.url}/flows/${flow.id}/edit${options.search ?? ''}`)
    await opened.page.getByRole('region', { name: 'Outline' }).waitFor()
    return opened
  }
  const saved = (page: Page) =>
    page
      .getByRole('status')
      .filter({ hasText: /^Saved/ })
      .first()
      .waitFor()
  const draftOf = async (flow: { id: string }) => (await couplet.client.flows.get({ params: { flow: flow.id } })).draft

  test('a value of the wrong type is marked at its field, and one click mends it', async () => {
    const flow = await draft('Types', {
      trigger: HOOK,
      steps: [actionStep('find', 'builtin.table.find', { table: value('Flipbooks and their tags'), max: pill('run', 'id') })],
    })
    const { page, errors } = await openBuilder(flow, { search: '?step=find' })
    await page.getByRole('button', { name: /1 problem|2 problems/ }).waitFor()
    const publish = page.getByRole('button', { name: /Review and publish/ })
    expect(await publish.isDisabled()).toBe(true)
    const field = page.getByRole('group', { name: 'At most' })
    await field.getByText(/text/i).first().waitFor()
    await field.getByRole('button', { name: 'Fix it' }).click()
    await expect.poll(() => publish.isDisabled(), { timeout: 10_000 }).toBe(false)
    await saved(page)
    expect(JSON.stringify(await draftOf(flow))).toContain('number(run.id)')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('two people editing one flow lose nothing: the second is told, and puts the change on top', async () => {
    const flow = await draft('Two tabs', {
      trigger: HOOK,
      steps: [actionStep('look', 'builtin.table.find', { table: value('Flipbooks and their tags') })],
    })
    const mine = await openBuilder(flow, { search: '?step=look' })
    const theirs = await openBuilder(flow, { search: '?step=look' })
    for (const { page } of [mine, theirs]) await page.getByRole('tab', { name: 'Setup' }).click()
    await theirs.page.getByLabel('Note').fill('why it is done')
    await saved(theirs.page)
    await expect.poll(async () => JSON.stringify(await draftOf(flow)), { timeout: 10_000 }).toContain('why it is done')
    await mine.page.getByLabel('Name', { exact: true }).fill('Look it up')
    const strip = mine.page.getByRole('alert').filter({ hasText: 'Somebody else changed this draft' })
    await strip.waitFor()
    await strip.getByRole('button', { name: 'Put mine on top of theirs' }).click()
    await strip.waitFor({ state: 'detached' })
    await expect
      .poll(async () => draftOf(flow), { timeout: 10_000 })
      .toMatchObject({ steps: [{ title: 'Look it up', note: 'why it is done' }] })
    await mine.page.getByRole('textbox', { name: 'Note' }).waitFor()
    expect(await mine.page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('why it is done')
    for (const { page } of [mine, theirs]) await page.context().close()
  })

  test('a step is tested, its result pinned, and a later step sees the pinned value', async () => {
    const flow = await draft('Pinned', {
      slots: { highlevel: { connector: 'highlevel' } },
      trigger: HOOK,
      steps: [
        actionStep('tags', 'highlevel.social-tag.list', {}, 'highlevel'),
        actionStep('keep', 'builtin.table.put', {
          table: value('Flipbooks and their tags'),
          key: pill('tags', 'tags', 0, 'name'),
          value: value({}),
        }),
      ],
    })
    const { page, errors } = await openBuilder(flow, { search: '?step=tags' })
    await page.getByRole('tab', { name: 'Test' }).click()
    await page.getByRole('button', { name: 'Test step' }).click()
    const result = page.getByRole('region', { name: 'Result of the test' })
    await result.getByText('Done', { exact: true }).waitFor()
    await result.getByRole('button', { name: /Request and answer/ }).click()
    await result.getByText('/social-media-posting/').first().waitFor()
    await result.getByRole('button', { name: 'Pin this result' }).click()
    await page.getByRole('region', { name: 'Pinned result' }).waitFor()
    const { pins } = await couplet.client.flowTests.pins({ params: { flow: flow.id } })
    const [, firstName = ''] = /"name":"([^"]+)"/.exec(JSON.stringify(pins[0]?.data)) ?? []
    expect(firstName).not.toBe('')
    await page.reload()
    await page.getByRole('img', { name: 'Its result is pinned' }).waitFor()
    await page.locator('[data-step="keep"]').click()
    await page.getByRole('tab', { name: 'Map' }).click()
    await page.getByText(`"${firstName}"`).waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a write that is no simulated vendor’s is shown exactly, and leaves only when a person says so', async () => {
    const flow = await draft('Asks first', {
      trigger: HOOK,
      steps: [
        actionStep('keep', 'builtin.table.put', {
          table: value('Flipbooks and their tags'),
          key: value('asked'),
          value: value({ flipbookId: 'f' }),
        }),
      ],
    })
    const rows = async () =>
      (await couplet.client.tables.rows({ params: { table: 'Flipbooks and their tags' }, query: {} })).rows.map(({ key }) => key)
    const { page, errors } = await openBuilder(flow, { search: '?step=keep' })
    await page.getByRole('tab', { name: 'Test' }).click()
    await page.getByRole('button', { name: 'Test step' }).click()
    const asked = page.getByRole('region', { name: 'Before anything is sent' })
    await asked.getByText('Nothing has been sent yet.').waitFor()
    await asked.getByText('Write a row into the table').waitFor()
    expect(await rows()).not.toContain('asked')
    await asked.getByRole('button', { name: 'Do this' }).click()
    await page.getByRole('region', { name: 'Result of the test' }).getByText('Done', { exact: true }).waitFor()
    expect(await rows()).toContain('asked')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a flow of 50 steps is tested as a whole, and the map shows how it went', async () => {
    const flow = await draft('Fifty steps', { trigger: HOOK, steps: longFlow(50) })
    const { page, errors } = await openBuilder(flow)
    await page.getByRole('button', { name: 'Test run' }).click()
    await page.getByRole('button', { name: 'Test all steps' }).click()
    await page.getByText('The flow came to its end: 50 steps.').waitFor({ timeout: 30_000 })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Map', exact: true }).click()
    const map = page.getByRole('application', { name: 'Map of the flow' })
    await map.getByRole('img', { name: 'Done' }).first().waitFor()
    await page.locator('[data-step="step40"]').click()
    await map.locator('.react-flow__node.selected', { hasText: '41' }).waitFor()
    // On a phone there is room for one of them.
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('region', { name: 'Outline' }).waitFor({ state: 'hidden' })
    expect(await map.isVisible()).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('with 200 steps it opens within a second, and typing stays ahead of the checks', async () => {
    const flow = await draft('Two hundred steps', { trigger: HOOK, steps: longFlow(200) })
    const { page, errors } = await openPage(browser, { couplet })
    // What a session has loaded once is not what is measured.
    await openedIn(page, `${couplet.url}/flows/${flow.id}/edit`)
    const openMs = await openedIn(page, `${couplet.url}/flows/${flow.id}/edit?step=step150`)
    await page.getByRole('tab', { name: 'Setup' }).click()
    const note = page.getByLabel('Note')
    await note.click()
    const startedAt = performance.now()
    await page.keyboard.type('a note of forty letters, typed at one go')
    const perKeyMs = (performance.now() - startedAt) / 40
    await saved(page)
    console.log(`builder with 200 steps: opens in ${Math.round(openMs)} ms, ${perKeyMs.toFixed(1)} ms a key`)
    // Generous, because tests share a busy machine: a quadratic check would be far beyond.
    expect(openMs).toBeLessThan(4_000)
    expect(perKeyMs).toBeLessThan(250)
    expect(errors).toEqual([])
    await page.context().close()
  })

  const openedIn = async (page: Page, url: string): Promise<number> => {
    const startedAt = performance.now()
    await page.goto(url)
    await page.locator('[data-step="step199"]').waitFor()
    return performance.now() - startedAt
  }

  test.each(['light', 'dark'] as const)('no part of it has an accessibility violation in %s', async (scheme) => {
    const { flows } = await couplet.client.flows.list()
    const found = flows.find(({ template }) => template === 'social-tags-to-flipbooks')
    if (!found) throw new Error('The sandbox has the flow of this template')
    const { page } = await openBuilder(found, { scheme, search: '?step=follow' })
    const violations = () => accessibilityViolations(page)
    await page.getByRole('group', { name: 'Table', exact: true }).waitFor()
    expect(await violations(), 'mapping').toEqual([])
    await page.getByRole('tab', { name: 'Test' }).click()
    await page.getByRole('button', { name: 'Test step' }).click()
    await page.getByRole('region', { name: 'Result of the test' }).waitFor()
    expect(await violations(), 'test').toEqual([])
    await page.getByRole('button', { name: 'Map', exact: true }).click()
    await page.getByRole('application', { name: 'Map of the flow' }).waitFor()
    expect(await violations(), 'map').toEqual([])
    await page.getByRole('button', { name: /Review and publish/ }).click()
    await page.getByText('Dry run of the writes').waitFor()
    expect(await violations(), 'review').toEqual([])
    await page.context().close()
  })
})
