import { expect, test } from 'vitest'
import { eventHub } from './event-hub.ts'
import type { WorkspaceEvent } from './server-parts.ts'
import { eventResponse } from './sse.ts'
import { FIRST_WORKSPACE } from '@couplet/store'
import { newId } from '@couplet/core'

const event = (runId: string, workspaceId = FIRST_WORKSPACE): WorkspaceEvent => ({
  workspaceId,
  event: { kind: 'run', runId, flowId: 'flow_x', state: 'done' },
})

test('a listener gets what happens after it came, and a closed hub ends it', async () => {
  const hub = eventHub<WorkspaceEvent>(10)
  hub.publish(event('before'))
  const response = eventResponse(hub, FIRST_WORKSPACE)
  hub.publish(event('after'))
  hub.publish(event('elsewhere', newId('ws')))
  hub.close()
  const text = await response.text()
  expect(text).toContain('"after"')
  expect(text).not.toContain('"before"')
  expect(text, 'of another workspace').not.toContain('"elsewhere"')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
})

test('a client that does not read loses events instead of filling the memory, and is told once it reads again', async () => {
  const hub = eventHub<WorkspaceEvent>(10)
  const reader = eventResponse(hub, FIRST_WORKSPACE).body?.getReader()
  for (let index = 0; index < 2_000; index++) hub.publish(event(`run-${index}`))
  let text = ''
  for (let reads = 0; reads < 500; reads++) text += new TextDecoder().decode((await reader?.read())?.value)
  hub.publish(event('late'))
  text += new TextDecoder().decode((await reader?.read())?.value)
  text += new TextDecoder().decode((await reader?.read())?.value)
  expect(text).not.toContain('run-1999')
  expect(text.indexOf('"missed"')).toBeGreaterThan(0)
  expect(text.indexOf('"late"')).toBeGreaterThan(text.indexOf('"missed"'))
  await reader?.cancel()
  expect(hub.size).toBe(0)
})

test('no more clients are let in than allowed', async () => {
  const hub = eventHub<WorkspaceEvent>(1)
  eventResponse(hub, FIRST_WORKSPACE)
  expect(() => eventResponse(hub, FIRST_WORKSPACE)).toThrow(/Too many/)
})
