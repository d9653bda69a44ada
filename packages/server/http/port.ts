import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { problemOf } from '@couplet/api'
import { Fault, userFault } from '@couplet/core'
import { hookToken } from './hook-route.ts'

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** The status that makes the sender of a webhook send it again, told from its headers alone. */
export type HookStatus = (headers: IncomingHttpHeaders) => number

/** An open port whose handler can be exchanged: it answers "starting" from the first moment on. */
export type OpenPort = AsyncDisposable & { readonly port: number; setHandle(handle: Handle): void }

const CLOSE_WAIT_MS = 3_000
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** Opens the port. Throws `settings.port_in_use`, `settings.port_not_allowed` or `settings.host_unknown`, each with the way out. */
export async function openPort(options: { host: string; port: number; hookStatus?: HookStatus }): Promise<OpenPort> {
  let handle: Handle = notReady('starting', options.hookStatus ?? (() => 503))
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(options, error)))
    server.listen(options.port, options.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    setHandle: (next) => {
      handle = next
    },
    [Symbol.asyncDispose]: () => close(server),
  }
}

function cannotListen({ host, port }: { host: string; port: number }, error: unknown): unknown {
  const details = { host, port }
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return userFault({
        code: 'settings.port_in_use',
        message: `Port ${port} on ${host} is in use by another program (perhaps Couplet runs already).`,
        hint: `Stop that program, or choose another port: couplet start --port ${port + 1}`,
        place: 'PORT',
        details,
      })
    case 'EACCES':
      return userFault({
        code: 'settings.port_not_allowed',
        message: `This user may not listen on port ${port}.`,
        hint: 'Choose a port above 1023: couplet start --port 4300',
        place: 'PORT',
        details,
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
      return userFault({
        code: 'settings.host_unknown',
        message: `${host} is not an address of this machine.`,
        hint: 'Set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.',
        place: 'HOST',
        details,
      })
    default:
      return error
  }
}

const STARTING_PAGE =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>Couplet</title><p>Couplet is starting…</p>'

/**
 * Answers while there is nobody to ask yet, or any more: 503 with when to come back. The process itself is alive. A webhook is answered
 * `hookStatus` instead: nobody can look its address up, and some vendors give up what is answered 503.
 */
export function notReady(state: 'starting' | 'stopping', hookStatus: HookStatus): Handle {
  const problem = problemOf(
    new Fault({ code: 'couplet.starting', kind: 'unavailable', message: `Couplet is ${state}.`, hint: 'Try again in a second.' }),
  )
  const body = JSON.stringify(problem)
  return (request, response) => {
    request.resume()
    if (request.method === 'POST' && hookToken(request.url ?? '') !== undefined) {
      response.writeHead(hookStatus(request.headers), {
        'retry-after': '5',
        'cache-control': 'no-store',
        'content-type': 'application/json',
      })
      response.end(JSON.stringify({ code: 'hook.unavailable', message: `Couplet is ${state}; please send it again.` }))
      return
    }
    if (request.url === '/healthz') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, state }))
      return
    }
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    response.writeHead(503, {
      'retry-after': '1',
      'cache-control': 'no-store',
      'content-type': wantsPage ? 'text/html; charset=utf-8' : 'application/problem+json',
    })
    response.end(wantsPage ? STARTING_PAGE : body)
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WAIT_MS)
  await closed
  clearTimeout(timer)
}
