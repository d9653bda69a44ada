/**
 * How fast the web app is in Chromium: `npm run bench -- web [--runs 100000] [--steps 200]`. The script that the first screen needs, the first screen
 * from an empty cache, changes between screens, the builder with a long flow, and scrolling a long list of runs. Ends with 1 when a
 * bound is missed. Needs Chromium on the PATH.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { ROOT } from '@couplet/server'
import { FIRST_WORKSPACE } from '@couplet/store'
import type { Page } from 'playwright-core'
import { chromiumPath, launchChromium, NO_CHROMIUM, openPage } from '../tests/support/browser.ts'
import { longFlow } from '../tests/support/flow-parts.ts'
import { startWholeCouplet } from '../tests/support/whole-couplet.ts'
import { machine, median, quantile } from './support/machine.ts'

if (chromiumPath === undefined) {
  console.error(NO_CHROMIUM)
  process.exit(1)
}
const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, steps: { type: 'string', default: '200' } } })
const [runs, steps] = [Number(values.runs), Number(values.steps)]

await using parts = new AsyncDisposableStack()
const whole = parts.use(await startWholeCouplet())
const { couplet, url, client } = whole
const long = await client.flows.create({
  body: {
    from: 'file',
    text: JSON.stringify({
      format: 1,
      name: `${steps} steps`,
      slots: {},
      trigger: { operation: 'builtin.webhook.received', version: 1, input: {} },
      steps: longFlow(steps),
    }),
  },
})
await couplet.parts.engine.store.pool.query(
  `insert into runs (id, workspace_id, flow_id, version, environment, key, fact, state, summary, created_at, started_at, finished_at)
   select 'run_' || lpad(to_hex(n), 26, '0'), $1, $2, 1, 'live', 'event:' || n, '{}'::jsonb,
     case when n % 100 = 0 then 'failed' else 'done' end, 'Set the tags of flipbook ' || n, now(), now(), now()
   from generate_series(1, $3::int) n`,
  [FIRST_WORKSPACE, long.id, runs],
)
const browser = await launchChromium()
parts.defer(() => browser.close())

/** Bytes of script of the page itself, compressed: the entry and all it imports at once. */
async function initialScript(): Promise<number> {
  const dist = join(ROOT, 'packages/web/dist')
  const waiting = [...(await readFile(join(dist, 'index.html'), 'utf8')).matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(
    ([, file]) => file ?? '',
  )
  const sizes = new Map<string, number>()
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (sizes.has(file)) continue
    const text = await readFile(join(dist, file), 'utf8')
    sizes.set(file, gzipSync(text).length)
    for (const [, imported] of text.matchAll(/(?:import|from)\s*"\.\/([^"]+\.js)"/g)) waiting.push(`assets/${imported ?? ''}`)
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** From the click on a place of the menu until the screen of that name stands there, in the page's own time. */
async function routeChange(page: Page, place: string): Promise<number> {
  const changed = `new Promise((resolve) => {
    const link = [...document.querySelectorAll('nav[aria-label=Main] a')].find((one) => one.getAttribute('aria-label') === ${JSON.stringify(place)} || one.textContent.trim() === ${JSON.stringify(place)})
    const startedAt = performance.now()
    const look = () => {
      const isThere = document.title.startsWith(${JSON.stringify(place)}) && document.querySelector('h1') && !document.querySelector('main [role=status][aria-label^=Loading]')
      if (isThere) resolve(performance.now() - startedAt)
      else if (performance.now() - startedAt > 10000) resolve(Number.NaN)
      else requestAnimationFrame(look)
    }
    link.click()
    requestAnimationFrame(look)
  })`
  return Number(await page.evaluate(changed))
}

async function numbersOf(page: Page, script: string): Promise<number[]> {
  const found: unknown = await page.evaluate(script)
  return Array.isArray(found) ? found.map(Number) : []
}

const opened = async (page: Page, path: string, isThere: string): Promise<number> => {
  const from = performance.now()
  await page.goto(url + path)
  await page.locator(isThere).first().waitFor()
  return performance.now() - from
}

const results: { what: string; value: number; unit: string; bound?: number }[] = []
const note = (what: string, value: number, unit: string, bound?: number) =>
  results.push({ what, value: Math.round(value * 10) / 10, unit, ...(bound === undefined ? {} : { bound }) })

note('script of the first screen, gzip', (await initialScript()) / 1_000, 'kB', 250)

const first: number[] = []
for (let turn = 0; turn < 5; turn++) {
  const { page } = await openPage(browser, { couplet: whole })
  first.push(await opened(page, '/', 'main h2'))
  await page.context().close()
}
note('first screen from an empty cache, median of 5', median(first), 'ms', 1_500)

const places = ['Flows', 'Runs', 'Dashboards', 'Catalogue', 'Connections', 'Tables', 'Tasks', 'Sandbox', 'Settings', 'Home']
/** Of each place three first visits, each from an empty cache, and three later ones. */
const changes = places.map((place) => ({ place, first: [] as number[], later: [] as number[] }))
for (let turn = 0; turn < 3; turn++) {
  const { page: fresh } = await openPage(browser, { couplet: whole })
  await opened(fresh, '/', 'main h2')
  for (const visits of ['first', 'later'] as const)
    for (const change of changes) change[visits].push(await routeChange(fresh, change.place))
  await fresh.context().close()
}
note('change of screen, first visit, slowest place, median of 3', Math.max(...changes.map((change) => median(change.first))), 'ms', 200)
note('change of screen, later visits, slowest place, median of 3', Math.max(...changes.map((change) => median(change.later))), 'ms', 200)
console.log(changes.map(({ place, first: one, later }) => `${place} ${Math.round(median(one))}/${Math.round(median(later))}`).join('  '))
const { page } = await openPage(browser, { couplet: whole })

const builder: number[] = []
for (let turn = 0; turn < 4; turn++)
  builder.push(await opened(page, `/flows/${long.id}/edit?step=step${steps - 50}`, `[data-step="step${steps - 1}"]`))
note(`builder with ${steps} steps opens, median of 3`, median(builder.slice(1)), 'ms', 1_000)
await page.getByRole('tab', { name: 'Setup' }).click()
await page.getByLabel('Note').click()
await page.evaluate(`window.__keys = []; window.addEventListener('keydown', () => {
  const at = performance.now()
  requestAnimationFrame(() => setTimeout(() => window.__keys.push(performance.now() - at)))
}, true)`)
await page.keyboard.type('a note of forty letters, typed at one go', { delay: 60 })
await page.waitForTimeout(500)
const keys = await numbersOf(page, 'window.__keys')
note('a letter typed there is drawn, median', median(keys), 'ms', 50)
note('a letter typed there is drawn, 95 %', quantile(keys, 0.95), 'ms', 100)

await opened(page, '/runs', '[role=table] [role=row]:nth-child(20)')
const frames = await numbersOf(
  page,
  `new Promise((resolve) => {
  const frames = []
  let last = performance.now()
  const from = last
  const step = (now) => {
    frames.push(now - last)
    last = now
    window.scrollBy(0, 120)
    if (now - from > 6000) resolve(frames)
    else requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`,
)
note(`scrolling ${runs} runs, frame, median`, median(frames), 'ms', 34)
note(`scrolling ${runs} runs, frame, 95 %`, quantile(frames, 0.95), 'ms')
note('rows scrolled by', Number(await page.evaluate('window.scrollY')) / 48, 'rows')

for (const { what, value, unit, bound } of results)
  console.log(
    `${what.padEnd(58)} ${String(value).padStart(9)} ${unit}${bound === undefined ? '' : value <= bound ? `  (bound ${bound})` : `  MISSES ${bound}`}`,
  )
console.log(JSON.stringify({ machine: machine(), results }))
process.exitCode = results.some(({ value, bound }) => bound !== undefined && !(value <= bound)) ? 1 : 0
