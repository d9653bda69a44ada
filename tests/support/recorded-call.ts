import type { OutboundClient } from '@couplet/engine'

/** A request as it left, and how it was answered. */
export type RecordedCall = {
  method: string
  url: URL
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: string | undefined
  /** Absent when no answer came. */
  status?: number
  answer?: string
}

/** The real client, with every call noted: the last place that sees a request before the socket. */
export function recordingClient(client: OutboundClient, note: (call: RecordedCall) => void): OutboundClient {
  return {
    async send(request) {
      const headers = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
      const body = typeof request.body === 'string' ? request.body : undefined
      const call: RecordedCall = { method: request.method, url: new URL(request.url), headers, body }
      note(call)
      const reply = await client.send(request)
      call.status = reply.status
      call.answer = reply.text()
      return reply
    },
    isAllowed: (url) => client.isAllowed(url),
    close: () => client.close(),
  }
}
