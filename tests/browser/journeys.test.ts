import { expect, test } from 'vitest'
import { openPage } from '../support/browser.ts'
import { type BrowserWorld, describeInBrowser, useBrowserWorld } from '../support/browser-world.ts'

describeInBrowser('the web app in a real browser', { timeout: 60_000 }, () => {
  let couplet: BrowserWorld['couplet']
  let browser: BrowserWorld['browser']
  useBrowserWorld((world) => ({ couplet, browser } = world))

  const flowOf = async (template: string) => {
    const found = (await couplet.client.flows.list()).flows.find((flow) => flow.template === template)
    if (!found) throw new Error(`No flow of ${template}`)
    return found
  }

  test('a first visitor sees a ready sandbox with flows, and nothing is broken', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.goto(`${couplet.url}/flows`)
    await page.getByText('Social tags to flipbooks').first().waitFor()
    expect(await page.getByText('Payaca tags to HighLevel').count()).toBeGreaterThan(0)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a renamed tag becomes a run that shows every call, and a changed flipbook at the vendor', async () => {
    const flow = await flowOf('social-tags-to-flipbooks')
    await couplet.client.flows.poll({ params: { flow: flow.id } })
    const { vendors } = await couplet.client.sandbox.get()
    const highlevel = vendors.find((vendor) => vendor.vendor === 'highlevel')
    await fetch(`${highlevel?.url ?? ''}/__sim/actions/rename-tag`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tagId: '8f54c67ab9ca23337d9daa1c', tag: 'autumn-sale' }),
    })
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/flows/${flow.id}`)
    await page.getByRole('button', { name: 'Poll now' }).click()
    await expect
      .poll(async () => (await couplet.client.runs.list({ query: { flow: flow.id } })).runs[0]?.state, { timeout: 20_000 })
      .toBe('done')
    const run = (await couplet.client.runs.list({ query: { flow: flow.id } })).runs[0]
    await page.goto(`${couplet.url}/runs/${run?.id ?? ''}`)
    await page.getByText("Set the flipbook's tags").first().waitFor()
    await page.getByText("Set the flipbook's tags").first().click()
    await page.getByText('/api1/flipbook-design').first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('the builder opens a flow, shows its steps and the mapping of one', async () => {
    const flow = await flowOf('any-endpoint')
    const { page, errors } = await openPage(browser, { couplet })
    await page.goto(`${couplet.url}/flows/${flow.id}/edit`)
    await page.getByText('List the categories').first().waitFor()
    await page.getByText('Write them under the title').first().click()
    await page.getByRole('tab', { name: 'Map' }).click()
    await page.getByText('Subtitle').first().waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a vendor that refuses makes the run fail; when it works again, the run goes on from the failed step', async () => {
    const flow = await flowOf('any-endpoint')
    const { page, errors } = await openPage(browser, { couplet })
    page.setDefaultTimeout(20_000)
    await page.goto(`${couplet.url}/sandbox?vendor=heyzine&tab=faults`)
    await page.getByLabel('Only requests to').fill('/api1/flipbook-design')
    await page.getByLabel('How often').fill('')
    await page.getByRole('button', { name: 'Set fault: Request refused' }).click()
    await page.getByText('/api1/flipbook-design, until removed').waitFor()

    const { flipbooks } = await sandboxState('heyzine')
    const fact = { startedAt: new Date().toISOString(), values: { flipbookId: String(flipbooks?.[0]?.['id']) } }
    const { runId } = await couplet.client.flows.start({ params: { flow: flow.id }, body: { fact } })
    await page.goto(`${couplet.url}/runs/${runId}`)
    await page.getByText('Failed at Write them under the title').waitFor()
    await page.getByText('Heyzine refused the request (HTTP 422).').first().waitFor()

    await page.goto(`${couplet.url}/sandbox?vendor=heyzine&tab=faults`)
    await page.getByRole('button', { name: 'Remove all faults' }).click()
    await page.getByText('None: the vendor works as it should.').waitFor()
    await page.goto(`${couplet.url}/runs/${runId}`)
    await page.getByRole('button', { name: 'Replay from the failed step' }).click()
    await page.getByText('Replay of an earlier run, from the failed step').waitFor()
    const replay = page.url().split('/').at(-1) ?? ''
    await expect.poll(async () => (await couplet.client.runs.get({ params: { run: replay } })).state).toBe('done')
    await page.getByText('Done', { exact: true }).first().waitFor()
    // What had worked is not asked of the vendor again.
    const { steps, createdAt } = await couplet.client.runs.get({ params: { run: replay } })
    const asked = steps.find(({ stepId }) => stepId === 'endpoint')?.attempts.flatMap(({ exchanges }) => exchanges) ?? []
    expect(asked).toHaveLength(1)
    expect(asked[0]?.startedAt.localeCompare(createdAt)).toBe(-1)
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('a flipbook of the sandbox shows its pages', async () => {
    const { page, errors } = await openPage(browser, { couplet })
    page.setDefaultTimeout(20_000)
    await page.goto(`${couplet.url}/sandbox?vendor=heyzine`)
    await page.getByRole('button', { name: 'Heat pump buyer’s guide', exact: true }).click()
    const pages = page.getByRole('region', { name: 'Pages of Heat pump buyer’s guide' })
    await pages.getByRole('img').first().waitFor()
    expect(await pages.getByRole('img').count()).toBe(1)
    await page.getByRole('button', { name: 'Show all 24 pages' }).click()
    await expect.poll(() => pages.getByRole('img').count()).toBe(24)
    // Drawn, not only announced: the first page has ink on it.
    const ink = `(() => { const at = document.querySelector('canvas'); const { data } = at.getContext('2d').getImageData(0, 0, at.width, at.height); return data.some((value, index) => index % 4 < 3 && value < 128 && data[index - (index % 4) + 3] > 0) })()`
    await expect.poll(() => page.evaluate(ink), { timeout: 20_000 }).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  const sandboxState = async (vendor: string): Promise<Record<string, Record<string, unknown>[] | undefined>> => {
    const { vendors } = await couplet.client.sandbox.get()
    return (await (await fetch(`${vendors.find((one) => one.vendor === vendor)?.url ?? ''}/__sim/state`)).json()) as never
  }
})
