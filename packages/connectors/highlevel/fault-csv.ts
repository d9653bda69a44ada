import type { VendorFault } from '@couplet/connector-sdk'

/** Codes of refused CSV files (CONFIRMED for v3), in words that say what to change in the file. */
const CSV_WORDS: Record<string, string> = {
  CSV_EMPTY_FILE: 'The file has no rows.',
  CSV_INVALID_FORMAT: 'The file is not readable as CSV.',
  CSV_HEADERS_NOT_MATCHING: 'The column headings are not those of a HighLevel sample file.',
  CSV_MISSING_HEADERS: 'Column headings are missing.',
  CSV_MISSING_REQUIRED_ROWS: 'Rows that HighLevel requires are missing.',
  CSV_UNSUPPORTED_EXTENSION: 'The name of the file does not end in .csv.',
  CSV_NO_VALID_POST: 'Not one row makes a valid post.',
  CSV_PROCESSING_ERROR: 'HighLevel could not work through the file.',
}

/** A refusal of a CSV file, or `undefined` when the code is not one of them. */
export function csvFault(code: string | undefined, body: unknown): VendorFault | undefined {
  const words = code === undefined ? undefined : CSV_WORDS[code]
  if (words === undefined || code === undefined) return undefined
  const missing =
    typeof body === 'object' && body !== null && 'missingHeaders' in body && Array.isArray(body.missingHeaders)
      ? body.missingHeaders.map(String)
      : []
  const message = missing.length > 0 ? `${words} Missing: ${missing.join(', ')}.` : words
  return {
    kind: 'rejected',
    code: `highlevel.${code.toLowerCase()}`,
    message,
    hint: 'Download a sample file in the Social Planner and keep its headings.',
    fields: { content: message },
  }
}
