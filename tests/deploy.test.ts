import { execFile } from 'node:child_process'
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isJsonObject } from '@couplet/core'
import { readConfig } from '@couplet/server'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { backupCommands } from '../packages/cli/commands/backup.ts'
import { startCommands } from '../packages/cli/commands/start.ts'

/*
 * The files an operator installs by, checked against the product as far as that goes without a container engine: what they name exists. That the
 * image builds and the services come up is not tested here.
 */

const ROOT = join(import.meta.dirname, '..')
const read = (...path: string[]): Promise<string> => readFile(join(ROOT, ...path), 'utf8')
const run = promisify(execFile)

const Service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})
const compose = z
  .object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(await read('deploy', 'compose.yaml'), { merge: true }))
const own = Object.entries(compose.services).filter(([, service]) => service.image === 'couplet')

/** Lines of the Dockerfile, continued ones as one, without comments: `[instruction, rest]`. */
const dockerfile = (await read('deploy', 'Dockerfile'))
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .flatMap((line): [string, string][] => (/^[A-Z]/.test(line) ? [[line.split(' ')[0] ?? '', line.replace(/^\S+ /, '')]] : []))
const all = (instruction: string): string[] => dockerfile.flatMap(([name, rest]) => (name === instruction ? [rest] : []))
const words = (json: string | undefined): string[] => z.array(z.string()).parse(JSON.parse(json ?? '[]'))
const imageEnvironment = Object.fromEntries(
  all('ENV')
    .join(' ')
    .split(' ')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
)

const settings = new Set<string>()
readConfig(new Proxy<Record<string, string | undefined>>({}, { get: (_target, name) => void settings.add(String(name)) }))
const commands = [...startCommands(), ...backupCommands()].map((command) => command.name())

/** Runs a health check as the container would, against a server that answers so; answers its exit code. */
async function healthOf([node = '', ...rest]: readonly string[], status: number, portNamed: number): Promise<number> {
  const server = createServer((request, response) => response.writeHead(request.url === '/readyz' ? status : 500).end())
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = String(typeof address === 'object' && address !== null ? address.port : 0)
  expect(node).toBe('node_modules/.bin/node')
  try {
    const code = rest.map((part) => part.replaceAll(`:${portNamed}`, `:${port}`))
    return await run(process.execPath, code, { env: { PORT: port } }).then(
      () => 0,
      (error: unknown) => (isJsonObject(error) || error instanceof Error ? Number(Reflect.get(error, 'code')) : -1),
    )
  } finally {
    server.close()
  }
}

describe('the image', () => {
  const entry = words(all('ENTRYPOINT')[0])

  test('runs scripts that exist, and starts a command that exists, as nobody special', async () => {
    const scripts = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(await read('package.json'))).scripts
    const named = all('RUN').flatMap((line) => [...line.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? ''))
    expect(named).toEqual(['build', 'slim'])
    for (const script of named) expect(Object.keys(scripts)).toContain(script)
    expect(entry[0]).toBe('node_modules/.bin/node')
    await access(join(ROOT, entry[1] ?? ''))
    for (const command of words(all('CMD')[0])) expect(commands).toContain(command)
    expect(all('USER')).toEqual(['couplet'])
    expect(all('RUN').some((line) => line.includes('useradd') && line.includes('couplet'))).toBe(true)
  })

  test('sets what Couplet reads, opens the port it listens on, and keeps the folder it writes to', () => {
    for (const name of Object.keys(imageEnvironment)) expect([...settings]).toContain(name)
    expect(all('EXPOSE')).toEqual([imageEnvironment['PORT']])
    expect(all('VOLUME')).toEqual([imageEnvironment['COUPLET_DATA']])
    expect(readConfig(imageEnvironment)).toMatchObject({ host: '0.0.0.0', port: 4300 })
  })

  test('is healthy when Couplet is ready, and only then', async () => {
    const check = words(/CMD (\[.*\])$/.exec(all('HEALTHCHECK')[0] ?? '')?.[1])
    expect(await healthOf(check, 200, 4300)).toBe(0)
    expect(await healthOf(check, 503, 4300)).toBe(1)
  })

  test('is built without what is made anew in it: installed packages, built pages, data, history', async () => {
    const left = (await read('.dockerignore')).split('\n')
    for (const name of ['**/node_modules', '**/dist', 'data', '.git']) expect(left).toContain(name)
  })
})

describe('compose', () => {
  test('starts commands that exist with settings that Couplet reads', () => {
    expect(own.map(([name]) => name).toSorted()).toEqual(['web', 'worker'])
    for (const [name, { command = [], environment }] of own) {
      expect(commands, name).toContain(command[0])
      for (const setting of Object.keys(environment)) expect([...settings], `${name}: ${setting}`).toContain(setting)
    }
  })

  test('with every choice made, its settings are ones that Couplet takes', () => {
    const given: Record<string, string> = {
      POSTGRES_PASSWORD: 'secret',
      COUPLET_KEY: Buffer.alloc(32, 7).toString('base64'),
      COUPLET_PUBLIC_URL: 'https://couplet.example.org',
    }
    for (const [name, { environment }] of own) {
      const filled = Object.fromEntries(
        Object.entries(environment).map(([key, text]) => [
          key,
          text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, variable: string, kind?: string, rest?: string) => {
            const value = given[variable]
            if (value === undefined && kind !== '-') throw new Error(`${variable} has neither a value nor a default`)
            return value ?? rest ?? ''
          }),
        ]),
      )
      const config = readConfig({ ...imageEnvironment, ...filled })
      expect(config, name).toMatchObject({ databaseUrl: 'postgres://couplet:secret@postgres:5432/couplet', isSandboxOn: false, port: 4300 })
    }
  })

  test('builds from a file that exists, waits for services that are there, and mounts volumes that are declared', async () => {
    const build = z.object({ context: z.string(), dockerfile: z.string() }).parse(compose.services['web']?.['build'])
    await access(join(ROOT, 'deploy', build.context, build.dockerfile))
    for (const service of Object.values(compose.services)) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(other)
        const isChecked = compose.services[other]?.healthcheck !== undefined || (other === 'web' && all('HEALTHCHECK').length > 0)
        expect(condition === 'service_healthy' ? isChecked : true, other).toBe(true)
      }
      for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
    }
    expect(compose.services['web']?.ports).toEqual([`127.0.0.1:4300:${imageEnvironment['PORT']}`])
    // The worker of the example has its own health check, on the port it is told to answer at.
    const worker = compose.services['worker']
    const check = worker?.healthcheck?.test.slice(1) ?? []
    const port = Number(worker?.environment['COUPLET_METRICS_PORT'])
    expect(check.join(' ')).toContain(`:${port}/readyz`)
    expect(await healthOf(check, 200, port)).toBe(0)
    expect(await healthOf(check, 503, port)).toBe(1)
  })
})

const isSystemdThere = await run('systemd-analyze', ['--version']).then(
  () => true,
  () => false,
)
if (!isSystemdThere) console.warn('The units are not verified: there is no systemd-analyze.')

describe('the units', async () => {
  const folder = join(ROOT, 'deploy', 'systemd')
  const units = await readdir(folder)

  test('start commands that exist, with settings that Couplet reads', async () => {
    expect(units.toSorted()).toEqual(['couplet-backup.service', 'couplet-backup.timer', 'couplet-worker@.service', 'couplet.service'])
    for (const unit of units.filter((name) => name.endsWith('.service'))) {
      const text = await read('deploy', 'systemd', unit)
      const [, script = '', command = ''] = /node_modules\/\.bin\/node (\S+) (\w+)/.exec(text) ?? []
      await access(join(ROOT, script))
      expect(commands, unit).toContain(command)
      for (const [, name = ''] of text.matchAll(/^Environment=(\w+)=/gm)) expect([...settings], unit).toContain(name)
      expect(text, unit).toMatch(/^User=couplet$/m)
    }
  })

  test.skipIf(!isSystemdThere)('are what systemd takes', async () => {
    const copies = await mkdtemp(join(tmpdir(), 'couplet-units-'))
    try {
      // On this machine are neither the program nor its user.
      for (const unit of units)
        await writeFile(
          join(copies, unit),
          (await read('deploy', 'systemd', unit))
            .replace(/^ExecStart=\/opt\S*/m, 'ExecStart=/bin/true')
            .replaceAll(/^(?:User|Group|WorkingDirectory)=.*$/gm, ''),
        )
      const { stdout, stderr } = await run('systemd-analyze', ['verify', ...units.map((unit) => join(copies, unit))])
      expect(stdout + stderr).toBe('')
      await writeFile(join(copies, 'wrong.service'), '[Service]\nExecStart=/bin/true\nRestart=sometimes\n')
      const wrong = await run('systemd-analyze', ['verify', join(copies, 'wrong.service')]).then(({ stderr: said }) => said, String)
      expect(wrong).toContain('sometimes')
    } finally {
      await rm(copies, { recursive: true })
    }
  })
})
