import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

/*
 * Traces for operators who want them. Only the API of OpenTelemetry is here, which does nothing until the operator loads an SDK into the process
 * (docs/operators/monitor.md). No attribute holds data of a client: ids, names of operations, states.
 */
const tracer = trace.getTracer('couplet')

/** Does the work inside a span. */
export const traced = <Result>(name: string, attributes: Attributes, work: () => Promise<Result>): Promise<Result> =>
  tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })

/** A call that is over, as a child of what is under way. */
export function traceCall(call: {
  connector: string
  method: string
  status: number | undefined
  outcome: string
  startedAt: number
  tookMs: number
}): void {
  const span = tracer.startSpan(`${call.connector} ${call.method}`, {
    kind: SpanKind.CLIENT,
    startTime: call.startedAt,
    attributes: {
      'couplet.connector': call.connector,
      'couplet.outcome': call.outcome,
      'http.request.method': call.method,
      ...(call.status === undefined ? {} : { 'http.response.status_code': call.status }),
    },
  })
  if (call.outcome !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: call.outcome })
  span.end(call.startedAt + call.tookMs)
}
