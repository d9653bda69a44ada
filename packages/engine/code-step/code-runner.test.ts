import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Fault, type Json } from '@couplet/core'
import { afterAll, describe, expect, test } from 'vitest'
import { type CodeOptions, closeCode, createCodeRunner, runCode } from './code-runner.ts'

afterAll(closeCode)

const faultOf = async (source: string, input: Json = {}, options?: CodeOptions): Promise<Fault> => {
  const result = await runCode(source, input, options).then(
    (value) => new Error(`expected a fault, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (result instanceof Fault) return result
  throw result
}

describe('results', () => {
  test.each<[string, Json, Json]>([
    ['return input.a + 1', { a: 1 }, 2],
    ['const { tags } = input\nreturn tags.map((tag) => tag.toUpperCase())', { tags: ['a', 'ß'] }, ['A', 'SS']],
    ['return', {}, null],
    ['return await Promise.all([1, Promise.resolve(2)])', {}, [1, 2]],
    ['return { a: undefined, b: Number.NaN, c: new Date(0) }', {}, { b: null, c: '1970-01-01T00:00:00.000Z' }],
    ['return input', [null, true, 'ä😀', { '': [] }], [null, true, 'ä😀', { '': [] }]],
  ])('%s', async (source, input, expected) => {
    expect(await runCode(source, input)).toEqual(expected)
  })

  test('the clock stands still at the time given, so a repeated run computes the same', async () => {
    const source =
      'return [Date.now(), new Date().toISOString(), new Date() instanceof Date, new Date(5).getTime(), new Date(0).constructor.now()]'
    expect(await runCode(source, {}, { nowMs: 86_400_000 })).toEqual([86_400_000, '1970-01-02T00:00:00.000Z', true, 5, 86_400_000])
  })

  test('what the code prints is told, bounded, also when it fails', async () => {
    const lines: string[] = []
    await runCode(
      'console.log("a", { b: 1 }, undefined, 3); console.error("x".repeat(5000)); for (let i = 0; i < 500; i++) console.info(i)',
      {},
      { onLog: (line) => lines.push(line) },
    )
    expect(lines[0]).toBe('a {"b":1} undefined 3')
    expect(lines[1]).toHaveLength(1000)
    expect(lines).toHaveLength(100)
    lines.length = 0
    await faultOf('console.log("before"); throw new Error("no")', {}, { onLog: (line) => lines.push(line) })
    expect(lines).toEqual(['before'])
  })
})

describe('faults name the line of the source', () => {
  test.each<[string, string, number | undefined, RegExp]>([
    ['const a = 1\nconst = 2', 'code.syntax', 2, /SyntaxError/],
    ['return {', 'code.syntax', 1, /SyntaxError/],
    ['const a = 1\n\nreturn input.b.c', 'code.threw', 3, /TypeError: cannot read property 'c' of undefined/],
    ['function f() {\n  throw new RangeError("mine")\n}\nreturn f()', 'code.threw', 2, /RangeError: mine/],
    ['throw "text"', 'code.threw', undefined, /text/],
    ['throw { a: 1 }', 'code.threw', undefined, /{"a":1}/],
    ['const a = {}; a.a = a; return a', 'code.result_not_json', undefined, /circular/],
    ['return 1n', 'code.result_not_json', undefined, /BigInt/],
    ['return "x".repeat(300_000)', 'code.result_too_large', undefined, /256 kB/],
    ['const f = (n) => f(n + 1) + 1\nreturn f(0)', 'code.too_deep', 1, /calls itself/],
    ['return await new Promise(() => {})', 'code.never_ends', undefined, /never comes/],
  ])('%j', async (source, code, line, message) => {
    const fault = await faultOf(source)
    expect(fault.facts).toMatchObject({ code, kind: 'user', message: expect.stringMatching(message), hint: expect.any(String) })
    expect(fault.facts.place).toBe(line === undefined ? undefined : `line ${line}`)
  })
})

describe('limits hold against code that means harm', () => {
  test.each([
    'while (true) {}',
    'try { while (true) {} } catch { return 1 } finally { while (true) {} }',
    'await 0; while (true) await 0',
    'const f = async () => { await 0; return f() }; return await f()',
    'return /^(a+)+$/.test("a".repeat(60) + "b")',
  ])('time: %s', async (source) => {
    expect((await faultOf(source, {}, { limits: { cpuMsMax: 150 } })).code).toBe('code.too_slow')
  })

  test('memory', async () => {
    // On a busy machine the wall clock must not be what ends it.
    const options = { limits: { stuckAfterMs: 15_000 } }
    const fault = await faultOf('const all = []; while (true) all.push(new Uint8Array(1_000_000))', {}, options)
    expect(fault.code).toBe('code.out_of_memory')
    expect((await faultOf('return "a".repeat(1e9)', {}, options)).code).toBe('code.out_of_memory')
  })

  test('native recursion', async () => {
    expect((await faultOf('return JSON.parse("[".repeat(1_000_000))')).kind).toBe('user')
    expect(await runCode('return 1', {})).toBe(1)
  })

  test('input', async () => {
    expect((await faultOf('return 1', 'x'.repeat(5_000_000))).code).toBe('code.input_too_large')
  })

  test('code that nothing can interrupt is killed with its worker, and the next run gets a new one', async () => {
    await using runner = createCodeRunner()
    await runner.run('return 1', {})
    const stuck = runner.run('while (true) {}', {}, { limits: { cpuMsMax: 60_000, stuckAfterMs: 200 } })
    const after = runner.run('return input', 7)
    await expect(stuck).rejects.toMatchObject({ facts: { code: 'code.stuck', kind: 'user' } })
    expect(await after).toBe(7)
  })

  test('nothing of the machine is within reach', async () => {
    const names = [
      'process',
      'require',
      'module',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'setTimeout',
      'setInterval',
      'queueMicrotask',
      'WebAssembly',
      'Worker',
      'Deno',
      'Bun',
      'std',
      'os',
      'scriptArgs',
      'performance',
      'navigator',
    ]
    expect(
      await runCode(`return [${names.map((name) => `typeof ${name}`).join(', ')}].filter((kind) => kind !== 'undefined')`, {}),
    ).toEqual([])
    expect((await faultOf('return await import("node:fs")')).code).toBe('code.threw')
    expect(await runCode('return typeof (function () { return this })().process + typeof (0, eval)("this").process', {})).toBe(
      'undefinedundefined',
    )
    expect(await runCode('return typeof console.log.constructor("return this")().process', {})).toBe('undefined')
  })

  test('a run leaves nothing for the next', async () => {
    await runCode(
      'globalThis.left = 1; Object.prototype.left = 1; Array.prototype.map = () => "stolen"; JSON.stringify = () => "stolen"; return 1',
      {},
    )
    expect(await runCode('return [typeof left, typeof {}.left, [1].map((x) => x)]', {})).toEqual(['undefined', 'undefined', [1]])
  })

  test("replacing what the frame uses changes only the code's own result", async () => {
    expect(
      await runCode(
        'JSON.stringify = () => "[\\"stolen\\"]"; String.prototype.slice = () => "x"; Promise.prototype.then = () => {}; return { real: true }',
        {},
      ),
    ).toEqual({ real: true })
  })
})

describe('the worker', () => {
  test('runs one after the other, each with its own answer', async () => {
    expect(await Promise.all(Array.from({ length: 20 }, (_, at) => runCode('return input * 2', at)))).toEqual(
      Array.from({ length: 20 }, (_, at) => at * 2),
    )
  })

  test('starts again after it was idle', async () => {
    await using runner = createCodeRunner({ idleMs: 1 })
    expect(await runner.run('return 1', {})).toBe(1)
    await new Promise((resolve) => {
      setTimeout(resolve, 30)
    })
    expect(await runner.run('return 2', {})).toBe(2)
  })

  test('close fails what waits and refuses what comes after', async () => {
    const runner = createCodeRunner()
    const results = Promise.allSettled([runner.run('while (true) {}', {}), runner.run('return 1', {})])
    await runner.close()
    expect(
      (await results).map((result) =>
        result.status === 'rejected' && result.reason instanceof Fault ? result.reason.code : result.status,
      ),
    ).toEqual(['code.closed', 'code.closed'])
    await expect(runner.run('return 1', {})).rejects.toMatchObject({ facts: { code: 'code.closed', kind: 'unavailable' } })
  })

  test('importing the module loads no interpreter, and an idle worker lets the process end', async () => {
    const module = fileURLToPath(new URL('code-runner.ts', import.meta.url))
    const script = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ resolve: (specifier, context, next) => { seen.push(specifier); return next(specifier, context) } })
      const { runCode } = await import(${JSON.stringify(module)})
      console.log(seen.some((name) => name.includes('quickjs')), process.getActiveResourcesInfo().includes('MessagePort'))
      console.log(await runCode('return 5', {}))
    `
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 15_000 })
    expect(stdout.trim().split('\n')).toEqual(['false false', '5'])
  })
})
