import { setTimeout as pause } from 'node:timers/promises'

/**
 * Sends events as a vendor does: again, until it is told 2xx. Answers the ids that were accepted, in the order of their acceptance.
 * `webUrl` is asked for anew each time: a web process that was killed comes back somewhere else.
 */
export async function sendEvents(options: {
  ids: readonly string[]
  hookToken: string
  webUrl: () => string
  atOnce?: number
  giveUpMs?: number
}): Promise<string[]> {
  const accepted: string[] = []
  const waiting = [...options.ids]
  const endAt = performance.now() + (options.giveUpMs ?? 60_000)
  const send = async (id: string): Promise<void> => {
    while (performance.now() < endAt) {
      try {
        const response = await fetch(`${options.webUrl()}/hooks/${options.hookToken}`, {
          method: 'POST',
          // Ids may be `key.number`: facts of one key, for ordered flows.
          body: JSON.stringify({ id, key: id.split('.')[0] }),
          signal: AbortSignal.timeout(5_000),
        })
        await response.body?.cancel()
        if (response.ok) {
          accepted.push(id)
          return
        }
      } catch {
        // Refused, cut off, or no answer: the vendor tries again.
      }
      await pause(50)
    }
  }
  await Promise.all(
    Array.from({ length: options.atOnce ?? 8 }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await send(id)
    }),
  )
  return accepted
}
