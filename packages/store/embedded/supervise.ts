import { toFault } from '@couplet/core'
import { type Launch, launch, type Postmaster, stop } from './postmaster.ts'
import { isRunning } from './process-state.ts'

const WATCH_EVERY_MS = 1_000
const RETRY_MS_MAX = 30_000

/**
 * Keeps the server running: when its process is gone without our doing (killed for memory, say), it is started again on the same
 * port, so that pools reconnect by themselves. Also keeps its log bounded. Disposing stops the server.
 */
export function superviseServer(first: Postmaster, launching: Launch): AsyncDisposable & { readonly pid: number } {
  const { onNotice, log } = launching
  let { pid } = first
  let isStopping = false
  let restarting: Promise<void> | undefined
  let waitMs = 0
  let nextTryAt = 0

  const restart = async (): Promise<void> => {
    onNotice('PostgreSQL has ended unexpectedly; Couplet starts it again.')
    try {
      ;({ pid } = await launch({ ...launching, port: first.port }))
      waitMs = 0
      onNotice('PostgreSQL runs again.')
    } catch (thrown) {
      const fault = toFault(thrown)
      waitMs = Math.min(RETRY_MS_MAX, waitMs * 2 || WATCH_EVERY_MS)
      nextTryAt = performance.now() + waitMs
      onNotice(`PostgreSQL could not be started again: ${fault.message} ${fault.hint ?? ''}`)
    }
  }

  const watch = setInterval(() => {
    try {
      log.trim()
    } catch {
      // A log that cannot be shortened (full disk) is no reason to stop watching.
    }
    if (isStopping || restarting || isRunning(pid) || performance.now() < nextTryAt) return
    restarting = restart().finally(() => {
      restarting = undefined
    })
  }, WATCH_EVERY_MS)
  watch.unref()

  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    isStopping = true
    clearInterval(watch)
    await restarting
    await stop(pid)
  }
  return {
    get pid() {
      return pid
    },
    [Symbol.asyncDispose]: () => (stopped ??= end()),
  }
}
