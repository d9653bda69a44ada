import type { LiveEvent } from '@couplet/api'
import { Fault, type WorkspaceId } from '@couplet/core'
import type { EventHub } from './event-hub.ts'
import type { WorkspaceEvent } from './server-parts.ts'

const QUEUED_MAX = 500
const BEAT_MS = 20_000

/**
 * A stream of a workspace's events. A client that does not keep up loses events rather than filling the memory, and is told so
 * (`missed`) once it reads again. Throws `events.too_many` when too many clients listen.
 */
export function eventResponse(hub: EventHub<WorkspaceEvent>, workspaceId: WorkspaceId): Response {
  const utf8 = new TextEncoder()
  let leave: (() => void) | undefined
  let beat: NodeJS.Timeout | undefined
  let hasMissed = false
  const stop = () => {
    clearInterval(beat)
    leave?.()
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const write = (text: string) => controller.enqueue(utf8.encode(text))
        const send = (event: LiveEvent) => {
          if ((controller.desiredSize ?? 0) <= 0) {
            hasMissed = true
            return
          }
          if (hasMissed) write(`data: ${JSON.stringify({ kind: 'missed' } satisfies LiveEvent)}\n\n`)
          hasMissed = false
          write(`data: ${JSON.stringify(event)}\n\n`)
        }
        leave = hub.join({
          send: ({ workspaceId: owner, event }) => {
            if (owner === workspaceId) send(event)
          },
          end: () => {
            clearInterval(beat)
            controller.close()
          },
        })
        if (!leave)
          throw new Fault({
            code: 'events.too_many',
            kind: 'unavailable',
            message: 'Too many pages listen to live events.',
            hint: 'Close some of them; pages still show everything when loaded again.',
          })
        write('retry: 2000\n\n')
        // Proxies close connections on which nothing moves.
        beat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) write(': beat\n\n')
        }, BEAT_MS)
        beat.unref()
      },
      cancel: stop,
    },
    { highWaterMark: QUEUED_MAX },
  )
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' } })
}
