/**
 * Completes package-lock.json after `npm install`.
 *
 * Some registries do not hold the builds of every platform of a package (`@oxlint/binding-win32-x64-msvc` …). npm then leaves such an
 * optional dependency out of the lock file, and `npm ci` refuses the file as incomplete. This adds an entry with the version that the package
 * asks for and the platform its name tells, so that `npm ci` can pass over it on other platforms.
 *
 *   node scripts/complete-lockfile.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'

type Entry = { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> } & Record<string, unknown>
type Lockfile = { packages: Record<string, Entry> }

const OS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const CPU = ['arm64', 'x64', 'ia32', 'riscv64', 's390x', 'ppc64', 'loong64', 'arm']

function platformOf(name: string): Record<string, string[]> {
  const tail = name.slice(name.lastIndexOf('/') + 1)
  const os = OS.find((candidate) => tail.includes(candidate))
  const cpu = CPU.find((candidate) => tail.includes(candidate))
  const libc = tail.includes('musl') ? 'musl' : os === 'linux' && tail.includes('gnu') ? 'glibc' : undefined
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}), ...(libc ? { libc: [libc] } : {}) }
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
let added = 0
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${place}/node_modules/${name}`]) continue
    const platform = platformOf(name)
    if (!platform['os']) continue
    lock.packages[`node_modules/${name}`] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true }
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`Added ${added} optional packages of other platforms.`)
