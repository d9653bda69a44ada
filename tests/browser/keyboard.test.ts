import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'
import { pill } from '../support/flow-parts.ts'
import { tabTo } from '../support/keyboard.ts'

describeInBrowser('with nothing but the keyboard', { timeout: 150_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  test('tags to flipbooks is built from a blank flow and published', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    page.setDefaultTimeout(20_000)
    const { keyboard } = page
    await page.goto(`${couplet.url}/flows`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await press(page, /^Blank flow/)
    await page.getByRole('dialog').waitFor()
    await keyboard.type('By keyboard')
    await keyboard.press('Tab')
    await keyboard.type('social tag created')
    await page.getByRole('option').first().waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await press(page, /^Create draft/)
    await page.getByRole('region', { name: 'Outline' }).waitFor()

    // Whose tags they are: several locations are possible, so it is asked.
    await tabTo(page, /^Account in the sandbox/)
    await keyboard.press('Enter')
    await page.getByRole('option').first().waitFor()
    await keyboard.press('ArrowDown')
    await page.locator('[role=option][data-highlighted]').waitFor()
    await keyboard.press('Enter')
    await page.getByText('No account is chosen yet.').waitFor({ state: 'detached' })

    await addStep(page, 'find rows in a table')
    await choose(page, /^Table$/, 'Flipbooks and')
    await useData(page, 'HighLevel location', 'location id', /^Location id/)
    await useData(page, 'Social tags', 'tag id', /^Tag id/)

    await addStep(page, 'for each')
    await useData(page, 'Items to work on', 'rows', /^Rows/)

    await backToOutline(page)
    await press(page, /^Add a step here/)
    await found(page, 'get a flipbook')
    await useData(page, 'Flipbook', 'flipbook', /^Flipbook/)

    await addStep(page, 'read social tags by id')
    await useData(page, 'Tags', 'social tags', /^Social tags/)

    await addStep(page, 'merge labels')
    await useData(page, 'Labels that should be there', 'names', /^Names/)
    await useData(page, 'Tags now', 'tags as text', /^Tags as text/)

    await addStep(page, 'set the tags of a flipbook')
    await useData(page, 'Flipbook', 'flipbook', /^Flipbook/)
    await useData(page, 'Tags', 'merged tags', /^Merged tags/)
    await page
      .getByRole('status')
      .filter({ hasText: /^Saved/ })
      .first()
      .waitFor()
    await press(page, /^Review and publish v1/)
    await page.getByRole('heading', { name: /Review and publish version 1/ }).waitFor()
    await press(page, /^Publish version 1/)
    const mine = async () => (await couplet.client.flows.list()).flows.find(({ name }) => name === 'By keyboard')
    await expect.poll(async () => (await mine())?.state, { timeout: 15_000 }).toBe('on')
    const { draft } = await couplet.client.flows.get({ params: { flow: (await mine())?.id ?? '' } })
    expect(draft).toMatchObject({
      trigger: { operation: 'highlevel.social-tag.changed' },
      steps: [
        {
          operation: 'builtin.table.find',
          input: { where: { fields: { locationId: pill('trigger', 'locationId'), tagIds: pill('trigger', 'tag', 'id') } } },
        },
        {
          kind: 'for-each',
          items: pill('tableFind', 'rows'),
          steps: [
            { operation: 'heyzine.flipbook.get', input: { id: pill('each', 'item', 'value', 'flipbookId') } },
            { operation: 'highlevel.social-tag.get-many', input: { tagIds: pill('each', 'item', 'value', 'tagIds') } },
            {
              operation: 'builtin.text.merge-labels',
              input: { labels: pill('socialTagGetMany', 'names'), current: pill('flipbookGet', 'tagsText') },
            },
            { operation: 'heyzine.flipbook.set-tags', input: { tags: pill('textMergeLabels', 'tags') } },
          ],
        },
      ],
    })
    expect(errors).toEqual([])
    await page.context().close()
  })

  const press = async (page: Page, name: RegExp) => {
    await tabTo(page, name)
    await page.keyboard.press('Enter')
  }
  const backToOutline = async (page: Page) => {
    await page.keyboard.press('Escape')
    await page.locator('[data-step]:focus').waitFor()
  }
  const found = async (page: Page, words: string) => {
    await page.getByRole('combobox', { name: 'Search steps' }).waitFor()
    await page.keyboard.type(words)
    await page
      .getByRole('option', { name: new RegExp(words, 'i') })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  const addStep = async (page: Page, words: string) => {
    await backToOutline(page)
    await page.keyboard.press('a')
    await found(page, words)
  }
  const choose = async (page: Page, field: RegExp, words: string) => {
    await tabTo(page, field)
    await page.keyboard.type(words)
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
  }
  /** Puts a value of an earlier step into a field, by typing a slash and a few letters of its name. */
  const useData = async (page: Page, field: string, asked: string, option: RegExp) => {
    await tabTo(page, new RegExp(`^(How ${field} gets its value|${field}$)`))
    if (await page.evaluate(`document.activeElement?.getAttribute('aria-haspopup') === 'menu'`)) {
      await page.keyboard.press('Enter')
      const item = page.getByRole('menuitem', { name: 'Use data of an earlier step' })
      await page.getByRole('menuitem').first().waitFor()
      if ((await item.count()) > 0) {
        const isFocused = async () => item.evaluate((node) => node === node.ownerDocument.activeElement)
        for (let step = 0; step < 10 && !(await isFocused()); step++) await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
      } else await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
      await page.locator('[aria-haspopup=menu]:focus').waitFor()
      await tabTo(page, new RegExp(`^${field}`))
    }
    await page.keyboard.type(`/${asked}`)
    await page.getByRole('option', { name: option }).first().waitFor()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await page.keyboard.press('Enter')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
  }
})
