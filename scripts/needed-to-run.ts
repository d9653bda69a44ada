import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isJsonObject, parseJson } from '@couplet/core'

type Manifest = Record<string, unknown>

const manifestOf = (folder: string): Manifest => {
  const file = join(folder, 'package.json')
  const manifest = existsSync(file) ? parseJson(readFileSync(file, 'utf8')) : undefined
  return isJsonObject(manifest) ? manifest : {}
}
const namesIn = (manifest: Manifest, member: string): string[] => {
  const value = manifest[member]
  return isJsonObject(value) ? Object.keys(value) : []
}

/** What a package needs to run: its dependencies, those for this platform, and peers it cannot do without. */
function namesNeededBy(manifest: Manifest): string[] {
  const meta = manifest['peerDependenciesMeta']
  const isOptional = (name: string): boolean => {
    const one = isJsonObject(meta) ? meta[name] : undefined
    return isJsonObject(one) && one['optional'] === true
  }
  return [
    ...namesIn(manifest, 'dependencies'),
    ...namesIn(manifest, 'optionalDependencies'),
    ...namesIn(manifest, 'peerDependencies').filter((name) => !isOptional(name)),
  ]
}

/** Where a package of this name is found from a folder, as Node looks for it. */
function found(name: string, from: string, root: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (folder === root) return undefined
  }
  return undefined
}

/** Every package in a `node_modules` folder, nested ones too; links into the workspace are left out. */
export function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return []
  return readdirSync(modules).flatMap((name) => {
    const folder = join(modules, name)
    if (name.startsWith('.') || lstatSync(folder).isSymbolicLink()) return []
    if (name.startsWith('@')) return packagesIn(folder)
    return [folder, ...packagesIn(join(folder, 'node_modules'))]
  })
}

/** The packages that the workspace needs to run, and folders inside them that no running program reads. */
export function neededToRun(root: string): { packages: ReadonlySet<string>; notRead: readonly string[] } {
  const packages = new Set<string>()
  const open = [root, ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))]
  for (const folder of open) {
    for (const name of namesNeededBy(manifestOf(folder))) {
      const at = found(name, folder, root)
      if (at === undefined || packages.has(at)) continue
      packages.add(at)
      open.push(at)
    }
  }
  const node = [...packages].filter((folder) => /\/node-linux-(x64|arm64)$/.test(folder))
  return { packages, notRead: node.flatMap((folder) => [join(folder, 'include'), join(folder, 'share')]) }
}

/** Megabytes (10^6 bytes) of the files in a folder; links are not followed. */
export const sizeOfMB = (folder: string): number => Math.round(bytesIn(folder) / 1e6)

/** Bytes of the files in a folder. */
export const bytesIn = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
        const path = join(folder, entry.name)
        return sum + (entry.isDirectory() ? bytesIn(path) : entry.isFile() ? lstatSync(path).size : 0)
      }, 0)
    : 0
