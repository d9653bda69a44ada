import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without any setting Couplet listens on loopback and keeps its data in ./data', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 4300,
    databaseUrl: undefined,
    isSandboxOn: true,
    logLevel: 'info',
    allowedHosts: [],
  })
  expect(readConfig({}).dataDir).toMatch(/\/data$/)
})

test('settings are read as they are written', () => {
  const config = readConfig({
    PORT: '8080',
    COUPLET_SANDBOX: 'off',
    COUPLET_PUBLIC_URL: 'https://c.example.org/',
    COUPLET_ALLOWED_HOSTS: 'a.example.org, 127.0.0.1:4010',
    LOG_LEVEL: 'WARN',
  })
  expect(config).toMatchObject({
    port: 8080,
    isSandboxOn: false,
    publicUrl: 'https://c.example.org',
    allowedHosts: ['a.example.org', '127.0.0.1:4010'],
    logLevel: 'warn',
  })
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['HOST', 'http://x'],
  ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
  ['COUPLET_PUBLIC_URL', 'couplet.example.org'],
  ['COUPLET_ALLOWED_HOSTS', 'https://a/b'],
  ['COUPLET_SANDBOX', 'maybe'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused with the name of the variable and what to write', (name, value) => {
  const fault = (() => {
    try {
      readConfig({ [name]: value })
    } catch (error) {
      return error
    }
    return undefined
  })()
  expect(fault).toMatchObject({ code: 'settings.invalid', kind: 'user', facts: { place: name } })
  expect(String(fault)).toContain(name)
  expect(String(fault)).not.toContain('hunter2')
})
