import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A TypeScript file of the workspace, with what it imports. */
export type SourceFile = {
  /** From the root of the repository, with `/`: `packages/core/id.ts`. */
  path: string
  /** Folder under `packages`. */
  package: string
  isTest: boolean
  imports: readonly Import[]
  /** The text without its comment lines. */
  code: string
}

/** `isErased`: a type import, gone when the program runs. */
export type Import = { from: string; isErased: boolean }

const SKIPPED = new Set(['node_modules', 'dist'])
const STATIC = /^(import|export)\s+(type\s+)?(?:[^'"`;]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm
const DYNAMIC = /\b(?:import|require|import\.meta\.resolve|new URL)\s*\(\s*['"]([^'"\n]+)['"]/g
const COMMENT_LINE = /^\s*(?:\/\/|\/?\*).*$/gm

/** Reads the imports of a text: static, re-exported, dynamic, `require`, and files named beside the module (`new URL('./x.ts', …)`). */
export function readSource(path: string, text: string): SourceFile {
  const code = text.replaceAll(COMMENT_LINE, '')
  const imports = [
    ...[...code.matchAll(STATIC)].map((found) => ({ from: found[3] ?? '', isErased: found[2] !== undefined })),
    ...[...code.matchAll(DYNAMIC)].map((found) => ({ from: found[1] ?? '', isErased: false })),
  ]
  return { path, package: path.split('/')[1] ?? '', isTest: /\.test\.tsx?$|\/test-[^/]+(?:\/|\.ts$)/.test(path), imports, code }
}

/** Every `.ts` and `.tsx` file below `packages`. */
export function sourceFiles(root: string): SourceFile[] {
  const found: SourceFile[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue
      const full = join(folder, entry.name)
      if (entry.isDirectory()) walk(full)
      else if (/\.tsx?$/.test(entry.name)) found.push(readSource(relative(root, full).split(sep).join('/'), readFileSync(full, 'utf8')))
    }
  }
  walk(join(root, 'packages'))
  return found
}
