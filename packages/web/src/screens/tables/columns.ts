export type TableColumn = { name: string; title: string; type: 'text' | 'number' | 'boolean' | 'list'; list?: string | undefined }

export const COLUMN_TYPES = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'list', label: 'List of texts' },
] as const

/** What was typed into a cell, as a value of its column; `undefined` leaves the cell empty. */
export function cellValue(column: TableColumn, text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  switch (column.type) {
    case 'number':
      return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed)
    case 'boolean':
      return ['yes', 'true', '1'].includes(trimmed.toLowerCase())
    case 'list':
      return trimmed
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
    case 'text':
      return text
    default:
      return column.type satisfies never
  }
}

/** A value as it is shown and edited in its cell. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
