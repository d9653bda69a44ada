import { Fault } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { createAddressGuard, isPublicAddress, type Resolve } from './address-guard.ts'

const ruleOf = (allowed: readonly string[], url: string, carriesSecret = false): unknown => {
  try {
    createAddressGuard(allowed).check(new URL(url), carriesSecret)
    return 'passed'
  } catch (thrown) {
    return thrown instanceof Fault && thrown.code === 'outbound.refused' ? thrown.facts.details?.['rule'] : thrown
  }
}

describe('addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a9fe:a9fe',
    '::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '2001:db8::1',
    '100::1',
    'not an address',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))

  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::7f00:1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.1.2.3/',
    'http://0/',
    'http://127.0.0.1./',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://①②⑦.0.0.1/',
  ])('refuses %s however it is written', (url) => expect(ruleOf([], url)).toBe('address'))
})

describe('names', () => {
  const lookUp = (resolve: Resolve, options: { all: boolean } = { all: true }) => {
    const guard = createAddressGuard([], resolve)
    return () =>
      new Promise((settle) => {
        guard.lookup('name.example', options, (error, address, family) => settle(error ?? [address, family]))
      })
  }

  test('what the socket gets is what was checked: a name that turns private (rebinding) fails at its next connection', async () => {
    let asked = 0
    const connect = lookUp((_host, _options, done) => done(null, [{ address: ++asked === 1 ? '8.8.8.8' : '127.0.0.1', family: 4 }]))
    expect(await connect()).toEqual([[{ address: '8.8.8.8', family: 4 }], undefined])
    expect(asked).toBe(1)
    expect(await connect()).toMatchObject({ facts: { code: 'outbound.refused', details: { rule: 'address' } } })
  })

  test('one private address among public ones spoils the name', async () => {
    const connect = lookUp((_host, _options, done) =>
      done(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '::ffff:10.0.0.1', family: 6 },
      ]),
    )
    expect(await connect()).toMatchObject({ facts: { code: 'outbound.refused' } })
  })

  test('a caller that wants one address gets the first', async () => {
    expect(await lookUp((_host, _options, done) => done(null, [{ address: '2606:4700::1', family: 6 }]), { all: false })()).toEqual([
      '2606:4700::1',
      6,
    ])
  })

  test('a name without any address is not found', async () => {
    expect(await lookUp((_host, _options, done) => done(null, []))()).toMatchObject({ code: 'ENOTFOUND' })
  })
})

describe('protocols, ports and credentials', () => {
  test.each([
    ['ftp://example.org/', 'protocol'],
    ['file:///etc/passwd', 'protocol'],
    ['https://example.org:22/', 'port'],
    ['https://example.org:25/', 'port'],
    ['https://example.org:6379/', 'port'],
    ['https://example.org:5432/', 'port'],
    ['https://example.org:0/', 'port'],
    ['https://user:pass@example.org/', 'credentials-in-url'],
    ['https://user@example.org/', 'credentials-in-url'],
  ])('refuses %s by the rule "%s"', (url, rule) => {
    expect(ruleOf([], url)).toBe(rule)
  })

  test.each(['https://example.org/', 'http://example.org/', 'https://example.org:8443/', 'http://8.8.8.8/'])('lets %s pass', (url) =>
    expect(ruleOf([], url)).toBe('passed'),
  )

  test('a secret needs https, except at hosts the operator allows', () => {
    expect(ruleOf([], 'http://example.org/', true)).toBe('https')
    expect(ruleOf([], 'https://example.org/', true)).toBe('passed')
    expect(ruleOf(['127.0.0.1:4010'], 'http://127.0.0.1:4010/', true)).toBe('passed')
  })

  test('a passed check without a secret does not stand for one with a secret', () => {
    const guard = createAddressGuard([])
    guard.check(new URL('http://example.org/'), false)
    expect(() => guard.check(new URL('http://example.org/'), true)).toThrow(/without encryption/)
  })

  test('credentials in an address are refused also for an origin that passed before', () => {
    const guard = createAddressGuard([])
    guard.check(new URL('https://example.org/'), false)
    expect(() => guard.check(new URL('https://a:b@example.org/'), false)).toThrow(/user name or password/)
  })
})

describe("the operator's allowed hosts", () => {
  test('host and port allow exactly that', () => {
    expect(ruleOf(['127.0.0.1:4010'], 'http://127.0.0.1:4010/')).toBe('passed')
    expect(ruleOf(['127.0.0.1:4010'], 'http://127.0.0.1:4011/')).toBe('address')
    expect(ruleOf(['[::1]:4010'], 'http://[::1]:4010/')).toBe('passed')
    expect(ruleOf(['intranet:80'], 'http://intranet/')).toBe('passed')
    expect(ruleOf(['127.0.0.1:5432'], 'http://127.0.0.1:5432/')).toBe('passed')
  })

  test('a host alone does not open the database beside the web application', () => {
    expect(ruleOf(['localhost', '127.0.0.1'], 'http://127.0.0.1:3000/')).toBe('passed')
    expect(ruleOf(['localhost', '127.0.0.1'], 'http://127.0.0.1:5432/')).toBe('port')
    expect(ruleOf(['localhost'], 'http://localhost:22/')).toBe('port')
  })

  test('an allowed name is not a suffix', () => {
    expect(createAddressGuard(['internal.example.org']).isAllowed('evil-internal.example.org', 443)).toBe(false)
    expect(createAddressGuard(['127.0.0.1']).isAllowed('127.0.0.10', 80)).toBe(false)
  })

  test.each(['', 'http://x/y', 'a b', 'host/path', 'user@host'])('"%s" is not taken as a host', (entry) => {
    expect(() => createAddressGuard([entry])).toThrow(/is not a host/)
  })
})
