import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

const SCRIPT = '"><img src=x onerror="window.isOwned=1"><script>window.isOwned=1</script>'

describeInBrowser('script in the data of vendors and people is text on every screen', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  test('a tag, a flow and a table named like script run nothing', async () => {
    const { client, url } = couplet
    const { vendors } = await client.sandbox.get()
    const highlevel = vendors.find((vendor) => vendor.vendor === 'highlevel')?.url ?? ''
    const flow = (await client.flows.list()).flows.find((one) => one.template === 'social-tags-to-flipbooks')
    if (!flow) throw new Error('The sample flow is missing')
    await client.flows.poll({ params: { flow: flow.id } })
    const renamed = await fetch(`${highlevel}/__sim/actions/rename-tag`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tagId: '8f54c67ab9ca23337d9daa1c', tag: SCRIPT }),
    })
    expect(renamed.status).toBeLessThan(300)
    await client.flows.poll({ params: { flow: flow.id } })
    await expect
      .poll(async () => (await client.runs.list({ query: { flow: flow.id } })).runs[0]?.state, { timeout: 20_000 })
      .toMatch(/done|failed/)
    const run = (await client.runs.list({ query: { flow: flow.id } })).runs[0]?.id ?? ''
    await client.tables.put({
      params: { table: 'words' },
      body: { description: SCRIPT, columns: [{ name: 'word', title: SCRIPT, type: 'text' }] },
    })
    await client.flows.create({ body: { from: 'blank', name: SCRIPT } })

    const { page } = await openPage(browser, { couplet })
    for (const path of [
      `/runs/${run}?step=trigger`,
      `/runs/${run}`,
      '/runs',
      '/flows',
      '/',
      '/sandbox?vendor=highlevel&collection=socialTags',
      '/tables?table=words',
    ]) {
      await page.goto(`${url}${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('networkidle').catch(() => undefined)
      expect(await page.evaluate('window.isOwned'), path).toBeUndefined()
    }
    await page.goto(`${url}/runs/${run}?step=trigger`)
    await page.getByText(SCRIPT).first().waitFor()
    await page.context().close()
  })
})
