import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { Fault } from '@couplet/core'

/* Real servers for the tests of this folder: HTTP ones, and raw ones that break the connection where a test wants it. */

export type TestServer = AsyncDisposable & { port: number; origin: string; connections(): number }

async function listen(server: Server, close: () => void): Promise<TestServer> {
  let connections = 0
  server.on('connection', () => {
    connections++
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const { port } = typeof address === 'object' && address ? address : ({ port: 0 } satisfies Pick<AddressInfo, 'port'>)
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

/** An HTTP server that keeps what it was sent. */
export async function httpServer(answer: (seen: Seen, response: ServerResponse) => void): Promise<TestServer & { seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const entry = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      seen.push(entry)
      answer(entry, response)
    })
  })
  return Object.assign(await listen(server, () => server.closeAllConnections()), { seen })
}

/** A TCP server; `onBytes` is called with each piece a client sends. */
export async function tcpServer(onConnect: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    onConnect(socket)
  })
  return listen(server, () => {
    for (const socket of sockets) socket.destroy()
  })
}

/** The fault a promise fails with; fails the test when it does not. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('expected a fault, but it succeeded')
}
