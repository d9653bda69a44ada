import type { EngineParts } from '@couplet/engine'
import { openPort, type OpenPort } from '../http/port.ts'
import type { Metrics } from './metrics.ts'
import { answerMetrics, METRICS_PATH } from './metrics-route.ts'

/** A port for the monitor alone: the only one of a process that performs runs and answers no pages. */
export async function openMetricsPort(
  metrics: Metrics,
  parts: EngineParts,
  options: { host: string; port: number; token: string | undefined },
): Promise<OpenPort> {
  const port = await openPort(options)
  port.setHandle((request, response) => {
    const path = request.url ?? ''
    if (path === METRICS_PATH) {
      void answerMetrics(metrics, parts, options.token, request, response)
      return
    }
    request.resume()
    if (path === '/healthz') response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    else if (path === '/readyz')
      parts.store.settings.serverVersion().then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'),
        () => response.writeHead(503).end(),
      )
    else response.writeHead(404).end()
  })
  return port
}
