import { cutText } from '@couplet/core'
import type { Exchange } from '../outbound/exchange.ts'
import type { LogLine } from './journal.ts'

/* What an attempt leaves for its reader is bounded: an operation that pages through a whole account must not fill the journal. */

const EXCHANGES_MAX = 50
const BODIES_CHARS_MAX = 300_000
const LINES_MAX = 200
const LINE_CHARS_MAX = 2_000
const FIELDS_CHARS_MAX = 4_000

/** The last exchanges, where a fault shows; of the earlier ones among them only the lines, not the bodies. */
export function keptExchanges(exchanges: readonly Exchange[]): Exchange[] {
  if (exchanges.length <= 4) return [...exchanges]
  let chars = 0
  const kept = exchanges.slice(-EXCHANGES_MAX).toReversed()
  return kept
    .map((exchange) => {
      chars += sizeOf(exchange.requestBody) + sizeOf(exchange.responseBody)
      if (chars <= BODIES_CHARS_MAX) return exchange
      const { requestBody: _request, responseBody: _response, ...line } = exchange
      return line
    })
    .toReversed()
}

const sizeOf = (body: unknown): number => (body === undefined ? 0 : typeof body === 'string' ? body.length : JSON.stringify(body).length)

/** Adds a line, while there is room. */
export function addLine(lines: LogLine[], line: LogLine): void {
  if (lines.length > LINES_MAX) return
  if (lines.length === LINES_MAX) {
    lines.push({ at: line.at, message: `More than ${LINES_MAX} lines; the rest was not kept.` })
    return
  }
  const isWide = line.fields !== undefined && JSON.stringify(line.fields).length > FIELDS_CHARS_MAX
  lines.push({
    at: line.at,
    message: cutText(line.message, LINE_CHARS_MAX),
    ...(line.fields === undefined ? {} : { fields: isWide ? { cut: `more than ${FIELDS_CHARS_MAX} characters` } : line.fields }),
  })
}
