import { posix } from 'node:path'
import type { SourceFile } from './source-files.ts'

/**
 * A rule on what a file may import or use. `breaches` names what is wrong in one file of the workspace; `caught` are sources that break
 * the rule, to show that it sees them.
 */
export type BoundaryRule = {
  guarantee: string
  breaches(file: SourceFile, all: ReadonlyMap<string, SourceFile>): string[]
  caught: readonly { path: string; text: string }[]
}

/** Packages each package may import. `server` has two rows: its composition root may import everything. */
export const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  flow: ['core'],
  'connector-sdk': ['core', 'flow'],
  connectors: ['connector-sdk'],
  store: ['core'],
  engine: ['core', 'flow', 'connector-sdk', 'store'],
  api: ['core', 'flow'],
  reports: ['core'],
  simulators: ['core'],
  server: ['core', 'flow', 'connector-sdk', 'store', 'engine', 'api'],
  web: ['core', 'flow', 'api'],
  cli: ['core', 'flow', 'api', 'server'],
}
/** A smaller door than the whole package, declared in its `exports`: commands must not load the server to ask one. */
const SECOND_ENTRIES: readonly string[] = ['@couplet/server/for-commands']
const COMPOSITION_ROOT = 'packages/server/main.ts'
/** What several test files share; only tests may reach it. */
const TEST_SUPPORT = 'tests/support/'
const DECIDE = 'packages/engine/run/decide.ts'
const PURE_PACKAGES = ['core', 'flow']

const isNode = (from: string): boolean => from.startsWith('node:')
const isRelative = (from: string): boolean => from.startsWith('.')
const workspacePackage = (from: string): string | undefined => /^@couplet\/([a-z-]+)/.exec(from)?.[1]
const target = (file: SourceFile, from: string): string => posix.join(posix.dirname(file.path), from)
const isModule = (from: string, name: string): boolean => from === name || from.startsWith(`${name}/`)
const named = (file: SourceFile, froms: readonly { from: string }[]): string[] => froms.map(({ from }) => `${file.path} imports ${from}`)

/** The files that are loaded when this one is; what a type import names is not. */
function loadedBy(file: SourceFile, all: ReadonlyMap<string, SourceFile>): SourceFile[] {
  const seen = new Map([[file.path, file]])
  for (const next of seen.values())
    for (const { from, isErased } of next.imports) {
      const found = isRelative(from) && !isErased ? all.get(target(next, from)) : undefined
      if (found) seen.set(found.path, found)
    }
  return [...seen.values()]
}

const importsNode = (file: SourceFile): string[] =>
  named(
    file,
    file.imports.filter(({ from }) => isNode(from)),
  )
const AMBIENT = /\b(?:Date\.now\(|Math\.random\(|new Date\(\)|performance\.now\(|setTimeout\(|setInterval\(|process\.)/
const NETWORK = /(?<![.\w])(?:fetch|XMLHttpRequest|WebSocket|EventSource)\s*\(/
const ENVIRONMENT =
  /\bprocess\s*\??\.\s*env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b|\bprocess\s*\[\s*['"]env|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"]node:process['"]/

const onlyIn =
  (module: string, isAllowed: (file: SourceFile) => boolean) =>
  (file: SourceFile): string[] =>
    isAllowed(file)
      ? []
      : named(
          file,
          file.imports.filter(({ from }) => isModule(from, module)),
        )

export const BOUNDARY_RULES: readonly BoundaryRule[] = [
  {
    guarantee: 'every package imports only the packages the architecture allows it',
    breaches: (file) =>
      file.path === COMPOSITION_ROOT
        ? []
        : file.imports
            .filter(({ from }) => {
              const name = workspacePackage(from)
              return name !== undefined && name !== file.package && !ALLOWED_IMPORTS[file.package]?.includes(name)
            })
            .map(({ from }) => `${file.path} imports ${from}`),
    caught: [
      { path: 'packages/core/x.ts', text: "import { FlowDefinition } from '@couplet/flow'" },
      { path: 'packages/flow/x.ts', text: "import type { Store } from '@couplet/store'" },
      { path: 'packages/server/routes/x.ts', text: "import { connectors } from '@couplet/connectors'" },
      { path: 'packages/web/src/x.tsx', text: "export { Engine } from '@couplet/engine'" },
      { path: 'packages/unheard-of/x.ts', text: "import {\n  a,\n  b,\n} from '@couplet/core'" },
    ],
  },
  {
    guarantee: 'a package is entered by its name only, never by a path into it',
    breaches: (file) => [
      ...file.imports
        .filter(({ from }) => isRelative(from) && !target(file, from).startsWith(`packages/${file.package}/`))
        .filter(({ from }) => !(file.isTest && target(file, from).startsWith(TEST_SUPPORT)))
        .map(({ from }) => `${file.path} leaves its package with ${from}`),
      ...file.imports
        .filter(({ from }) => /^@couplet\/[a-z-]+\//.test(from) && !SECOND_ENTRIES.includes(from))
        .map(({ from }) => `${file.path} reaches into ${from}`),
    ],
    caught: [
      { path: 'packages/flow/a/x.ts', text: "import { bug } from '../../core/fault.ts'" },
      { path: 'packages/store/x.ts', text: "import { testDatabase } from '../../tests/support/database.ts'" },
      { path: 'packages/engine/x.ts', text: "const late = await import('../store/store.ts')" },
      { path: 'packages/engine/y.ts', text: "import { migrate } from '@couplet/store/migrate.ts'" },
    ],
  },
  {
    guarantee: 'connectors know the connector SDK and zod, nothing else',
    breaches: (file) =>
      file.package !== 'connectors' || file.isTest
        ? []
        : named(
            file,
            file.imports.filter(({ from }) => !isRelative(from) && from !== 'zod' && from !== '@couplet/connector-sdk'),
          ),
    caught: [
      { path: 'packages/connectors/heyzine/x.ts', text: "import { createHash } from 'node:crypto'" },
      { path: 'packages/connectors/heyzine/y.ts', text: "import { userFault } from '@couplet/core'" },
      { path: 'packages/connectors/heyzine/z.ts', text: "import axios from 'axios'" },
    ],
  },
  {
    guarantee: 'connectors reach the network only through the http they are given',
    breaches: (file) => (file.package === 'connectors' && NETWORK.test(file.code) ? [`${file.path} opens a connection itself`] : []),
    caught: [{ path: 'packages/connectors/payaca/x.ts', text: "const reply = await fetch('https://api.payaca.com')" }],
  },
  {
    guarantee: 'connectors do not know each other',
    breaches: (file) => {
      const own = /^packages\/connectors\/([a-z]+)\//.exec(file.path)?.[1]
      if (own === undefined || file.package !== 'connectors') return []
      return file.imports
        .filter(({ from }) => isRelative(from) && !target(file, from).startsWith(`packages/connectors/${own}/`))
        .map(({ from }) => `${file.path} imports ${from}`)
    },
    caught: [{ path: 'packages/connectors/payaca/operations/x.ts', text: "import { wait } from '../../heyzine/fault.ts'" }],
  },
  {
    guarantee: 'simulators and connectors never import each other, so that they cannot share a misunderstanding of a vendor',
    breaches: (file) => {
      const other = { simulators: 'connectors', connectors: 'simulators' }[file.package]
      if (other === undefined) return []
      return named(
        file,
        file.imports.filter(
          ({ from }) => workspacePackage(from) === other || (isRelative(from) && target(file, from).includes(`packages/${other}/`)),
        ),
      )
    },
    caught: [
      { path: 'packages/simulators/x.test.ts', text: "import { heyzine } from '@couplet/connectors'" },
      { path: 'packages/connectors/x.test.ts', text: "import { startSandbox } from '../simulators/sandbox.ts'" },
    ],
  },
  {
    guarantee: 'core and flow run in a browser: they import nothing of Node',
    breaches: (file) => (PURE_PACKAGES.includes(file.package) && !file.isTest ? importsNode(file) : []),
    caught: [{ path: 'packages/flow/x.ts', text: "import { createHash } from 'node:crypto'" }],
  },
  {
    guarantee: 'flow takes time and chance as arguments',
    breaches: (file) =>
      file.package === 'flow' && !file.isTest && AMBIENT.test(file.code) ? [`${file.path} reads the clock, chance or the process`] : [],
    caught: [
      { path: 'packages/flow/x.ts', text: 'export const now = () => Date.now()' },
      { path: 'packages/flow/y.ts', text: 'const at = new Date()' },
    ],
  },
  {
    guarantee: 'what decides about a run is pure: no Node, no clock, no chance, nothing outside core and flow',
    breaches: (file, all) =>
      file.path === DECIDE
        ? loadedBy(file, all).flatMap((loaded) => [
            ...importsNode(loaded),
            ...loaded.imports
              .filter(
                ({ from, isErased }) =>
                  !isErased && !isRelative(from) && !isNode(from) && !PURE_PACKAGES.includes(workspacePackage(from) ?? ''),
              )
              .map(({ from }) => `${loaded.path} imports ${from}`),
            ...(AMBIENT.test(loaded.code) ? [`${loaded.path} reads the clock, chance or the process`] : []),
          ])
        : [],
    caught: [
      { path: DECIDE, text: "import { randomUUID } from 'node:crypto'" },
      { path: DECIDE, text: "import { openStore } from '@couplet/store'" },
      { path: DECIDE, text: 'const dueAt = Date.now() + 1_000' },
    ],
  },
  {
    guarantee: 'SQL and the PostgreSQL client are nowhere but in the store',
    breaches: (file) => ['pg', 'kysely'].flatMap((module) => onlyIn(module, ({ package: name }) => name === 'store')(file)),
    caught: [
      { path: 'packages/engine/x.ts', text: "import { Pool } from 'pg'" },
      { path: 'packages/server/x.ts', text: "import type { Kysely } from 'kysely'" },
    ],
  },
  {
    guarantee: 'only the outbound client opens connections to the outside',
    breaches: (file) => [
      ...onlyIn('undici', ({ path, isTest }) => isTest || path.startsWith('packages/engine/outbound/'))(file),
      // A browser's fetch goes to our own origin; a simulator plays the vendor's side.
      ...(!file.isTest &&
      ['core', 'flow', 'connector-sdk', 'store', 'engine', 'reports', 'server'].includes(file.package) &&
      NETWORK.test(file.code)
        ? [`${file.path} opens a connection itself`]
        : []),
    ],
    caught: [
      { path: 'packages/engine/run/x.ts', text: "import { request } from 'undici'" },
      { path: 'packages/server/x.ts', text: "await fetch('https://hooks.example')" },
    ],
  },
  {
    guarantee: 'only the server configuration reads the environment',
    breaches: (file) =>
      !file.isTest && file.path !== 'packages/server/config.ts' && ENVIRONMENT.test(file.code) ? [`${file.path} reads process.env`] : [],
    caught: [
      { path: 'packages/cli/couplet.ts', text: "const port = process.env['PORT']" },
      { path: 'packages/engine/x.ts', text: 'const { env } = process' },
      { path: 'packages/engine/y.ts', text: 'const url = process.env.DATABASE_URL' },
      { path: 'packages/store/x.ts', text: "import { env } from 'node:process'" },
    ],
  },
]
