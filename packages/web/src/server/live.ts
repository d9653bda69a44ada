import type { LiveEvent } from '@couplet/api'
import { workingIn } from './client.ts'
import { isJsonObject, parseJson } from '@couplet/core'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

const GATHER_MS = 400

/** What an event makes stale, as key prefixes. */
function staleBy(event: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  const kind = event['kind'] as LiveEvent['kind']
  switch (kind) {
    case 'run':
      return [['runs', 'list'], ['runs', 'counts'], ['runs', 'one', String(event['runId'])], ['flows'], ['tasks']]
    case 'poll':
      return [['flows']]
    case 'statistics':
      return [['statistics']]
    case 'alert':
      return [['alerts'], ['incidents']]
    case 'missed':
      return [[]]
    default:
      return []
  }
}

/** Gathers what became stale for a moment, so that a burst of events is one reload of each list. */
function refresher(client: QueryClient) {
  const pending = new Map<string, readonly string[]>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    for (const queryKey of pending.values()) void client.invalidateQueries({ queryKey })
    pending.clear()
  }
  return {
    add(keys: readonly (readonly string[])[]) {
      for (const key of keys) pending.set(key.join('/'), key)
      timer ??= setTimeout(flush, GATHER_MS)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Keeps what is shown fresh by the server's events. Answers whether the stream is up; the browser reconnects by itself. */
export function useLive(): 'live' | 'connecting' {
  const client = useQueryClient()
  const [state, setState] = useState<'live' | 'connecting'>('connecting')
  useEffect(() => {
    const stream = new EventSource(`/api/events?workspace=${encodeURIComponent(workingIn() ?? '')}`)
    const refresh = refresher(client)
    let wasLost = false
    stream.addEventListener('open', () => {
      setState('live')
      if (wasLost) refresh.add([[]])
      wasLost = false
    })
    stream.addEventListener('error', () => {
      wasLost = true
      setState('connecting')
    })
    stream.addEventListener('message', (message) => {
      const event = parseJson(String(message.data))
      if (isJsonObject(event)) refresh.add(staleBy(event))
    })
    return () => {
      refresh.stop()
      stream.close()
    }
  }, [client])
  return state
}
