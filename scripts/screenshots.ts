/**
 * Pictures of every screen (light, dark, 390 px) in the folder `screenshots/`, which git ignores, of a Couplet that has done some work:
 *
 *     npm run screenshots                     all screens
 *     npm run screenshots -- home builder     these
 *
 * Needs Chromium on the PATH.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '@couplet/server'
import { chromiumPath, launchChromium, NO_CHROMIUM, openPage } from '../tests/support/browser.ts'
import { startWholeCouplet } from '../tests/support/whole-couplet.ts'

const OUT = join(ROOT, 'screenshots')
const SETTLE_MS = 1_200
const COLLECT_MS = 20_000
const LOOKS = [
  { name: 'light', scheme: 'light', width: 1_440, height: 900 },
  { name: 'dark', scheme: 'dark', width: 1_440, height: 900 },
  { name: 'phone', scheme: 'light', width: 390, height: 844 },
] as const

if (chromiumPath === undefined) {
  console.error(NO_CHROMIUM)
  process.exit(1)
}

await using parts = new AsyncDisposableStack()
const whole = parts.use(await startWholeCouplet())
const { url, client } = whole

/** A day at work: polls, a renamed tag, a run by hand. */
async function work(): Promise<{ flow: string; run: string }> {
  const { flows } = await client.flows.list()
  const { vendors } = await client.sandbox.get()
  const highlevel = vendors.find(({ vendor }) => vendor === 'highlevel')?.url ?? ''
  for (const { id } of flows) await client.flows.poll({ params: { flow: id } }).catch(() => undefined)
  await fetch(`${highlevel}/__sim/actions/rename-tag`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tagId: '8f54c67ab9ca23337d9daa1c', tag: 'autumn-sale' }),
  })
  for (const { id, template } of flows) {
    await client.flows.poll({ params: { flow: id } }).catch(() => undefined)
    if (template !== 'any-endpoint') await client.flows.start({ params: { flow: id }, body: {} }).catch(() => undefined)
  }
  const locations = (await client.connections.list()).connections.filter(({ connector }) => connector === 'highlevel').map(({ id }) => id)
  await client.statistics.collect({ body: { connections: locations, isOn: true, historyDays: 60 } })
  await new Promise((resolve) => {
    setTimeout(resolve, COLLECT_MS)
  })
  const report = flows.find(({ template }) => template === 'statistics-report-flipbook')?.id
  if (report) await client.flows.start({ params: { flow: report }, body: { picked: {} } })
  const flow = flows.find(({ template }) => template === 'social-tags-to-flipbooks')?.id ?? flows[0]?.id ?? ''
  const { runs } = await client.runs.list({ query: { flow, state: 'done', limit: 1 } })
  return { flow, run: runs[0]?.id ?? '' }
}

const { flow, run } = await work()
const connection = (await client.connections.list()).connections.find(({ connector }) => connector === 'highlevel')?.id ?? ''
const location = (await client.statistics.locations({})).locations.find(({ id }) => id !== null)?.id ?? ''
const SCREENS: Readonly<Record<string, string>> = {
  home: '/',
  flows: '/flows',
  templates: '/flows?new=template',
  flow: `/flows/${flow}`,
  builder: `/flows/${flow}/edit?step=set`,
  map: `/flows/${flow}/edit?view=map`,
  runs: '/runs',
  needs: '/runs?view=needs',
  run: `/runs/${run}`,
  drawer: `/runs?run=${run}`,
  log: `/log?id=${run}`,
  'log-newest': '/log',
  dashboards: '/dashboards',
  'dashboards-location': `/dashboards?location=${location}`,
  'dashboards-year': '/dashboards?days=364',
  ...Object.fromEntries(
    ['locations', 'tags', 'times', 'posts', 'reports', 'collection'].map((tab) => [`dashboards-${tab}`, `/dashboards?tab=${tab}`]),
  ),
  catalogue: '/catalogue',
  operation: '/catalogue/highlevel.social-tag.list',
  glossary: '/glossary',
  connections: '/connections',
  connection: `/connections/${connection}`,
  tables: '/tables',
  tasks: '/tasks',
  sandbox: '/sandbox?vendor=heyzine',
  incidents: '/incidents',
  alerts: '/settings/alerts',
  people: '/settings/people',
  tokens: '/settings/tokens',
  audit: '/settings/audit',
  account: '/account',
  settings: '/settings',
}
const asked = process.argv.slice(2)
const chosen = Object.entries(SCREENS).filter(([name]) => asked.length === 0 || asked.includes(name))

await mkdir(OUT, { recursive: true })
const browser = await launchChromium()
parts.defer(() => browser.close())
for (const look of LOOKS) {
  const { page, errors } = await openPage(browser, { ...look, couplet: whole })
  for (const [name, path] of chosen) {
    await page.goto(url + path)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    await page.waitForTimeout(SETTLE_MS)
    await page.screenshot({ path: join(OUT, `${name}-${look.name}.png`) })
  }
  if (errors.length > 0) console.error(`${look.name}: ${[...new Set(errors)].join(' · ')}`)
  await page.context().close()
}
console.log(`${chosen.length * LOOKS.length} pictures in screenshots/`)
