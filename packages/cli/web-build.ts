import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment } from '@couplet/server/for-commands'

const OUTPUT_LINES_MAX = 12
const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts']
/** Packages the page is made of besides its own: the addresses of the API among them. */
const BUILT_IN = ['api', 'core', 'flow']

/** Time of the newest change under a path, epoch ms; 0 when there is nothing. */
function newestChange(path: string): number {
  if (!existsSync(path)) return 0
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

/**
 * Builds the web app when the checkout has none yet, or an older one than its sources. The tools for it are development packages: where
 * they are not installed (a pruned installation) the built app is used as it is. A failed build is told and does not keep Couplet from
 * starting: the API works without the page.
 */
export async function buildWebApp(root: string, onNotice: (line: string) => void): Promise<void> {
  const web = join(root, 'packages', 'web')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const builtAt = newestChange(join(web, 'dist', 'index.html'))
  if (!existsSync(vite)) {
    if (builtAt === 0)
      onNotice('The web app is not built and its build tools are not installed; run "npm ci && npm run build" for the page. The API works.')
    return
  }
  const sources = [...SOURCES.map((name) => join(web, name)), ...BUILT_IN.map((name) => join(root, 'packages', name))]
  if (builtAt > 0 && sources.every((path) => newestChange(path) <= builtAt)) return
  onNotice('Building the web app (once) …')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: web,
    // Under a test runner it would become the slow and large page of developers.
    env: childEnvironment({ NODE_ENV: 'production' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = await once(child, 'exit')
  if (code !== 0)
    onNotice(
      `The web app could not be built; the page is missing, the API works. The build said:\n${output.trim().split('\n').slice(0, OUTPUT_LINES_MAX).join('\n')}`,
    )
}
