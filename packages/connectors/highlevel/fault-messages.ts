/** What an error body says, whatever its shape. */
export type Messages = {
  lines: string[]
  code?: string
  resolution?: string
  success?: boolean
  statusCode?: number
  /** False for the text and HTML answers of the edge. */
  isJson: boolean
}

const LINE_CHARS_MAX = 300
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined)

/** HTML and long text, brought down to a line a person can read. */
const plain = (value: string): string =>
  value
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, LINE_CHARS_MAX)

const linesOf = (message: unknown): string[] => {
  if (Array.isArray(message)) return message.flatMap((item: unknown) => linesOf(item))
  if (isObject(message)) return linesOf(message['message'])
  const line = text(message)
  return line === undefined ? [] : [plain(line)]
}

/**
 * Reads all error shapes of the contract: `message` as text or list, the long social form, the catalogue form of v3 with everything
 * under `error`, CSV answers with a `code`, OAuth's `error_description`, and text or HTML from the edge.
 */
export function messagesOf(body: unknown): Messages {
  if (typeof body === 'string') return { lines: linesOf(body), isJson: false }
  if (!isObject(body)) return { lines: [], isJson: body !== undefined && body !== null }
  const catalogue = isObject(body['error']) ? body['error'] : undefined
  const lines = linesOf(catalogue?.['message'] ?? body['message'] ?? body['error_description'])
  const details = catalogue ? linesOf(catalogue['details']) : []
  const code = text(catalogue?.['code']) ?? text(body['code'])
  const resolution = text(catalogue?.['resolution'])
  const fallback = lines.length === 0 && details.length === 0 ? linesOf(body['error']) : []
  return {
    lines: [...lines, ...details, ...fallback],
    ...(code === undefined ? {} : { code }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(typeof body['success'] === 'boolean' ? { success: body['success'] } : {}),
    ...(typeof body['statusCode'] === 'number' ? { statusCode: body['statusCode'] } : {}),
    isJson: true,
  }
}

/** Takes anything shaped like a credential out of vendor text, so that a fault can be shown and kept. */
export const redact = (line: string): string =>
  line.replaceAll(/pit-[\w-]{4,}/gi, 'pit-…').replaceAll(/eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, 'eyJ…')
