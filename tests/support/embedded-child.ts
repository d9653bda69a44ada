import { startEmbeddedPostgres } from '../../packages/store/embedded/start.ts'

/**
 * A process of its own for the tests of the embedded PostgreSQL: starts PostgreSQL as told by the JSON in its first argument, tells its
 * parent what came of it, and stops when asked to.
 */
try {
  const options: unknown = JSON.parse(process.argv[2] ?? '{}')
  if (typeof options !== 'object' || options === null || !('dataDir' in options) || typeof options.dataDir !== 'string')
    throw new Error('dataDir is missing')
  const server = await startEmbeddedPostgres({ isDurable: false, ...options, dataDir: options.dataDir })
  process.once('message', () => {
    void server[Symbol.asyncDispose]().then(() => process.disconnect?.())
  })
  process.send?.({ url: server.url, pid: server.pid })
} catch (thrown) {
  process.send?.({ code: thrown instanceof Error ? String(Reflect.get(thrown, 'code')) : 'unknown', message: String(thrown) })
  process.disconnect?.()
}
