/** `listCustomers`, `GET /v1/customers` → `list-customers`, `get-v1-customers`. */
export const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(?=\d)/, 'n')
    .slice(0, 60)
    .replaceAll(/-+$/g, '') || 'x'

/** A name nobody has yet: the wanted one, or with a number behind it. Remembers it. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`
  taken.add(name)
  return name
}

const TITLE_CHARS_MAX = 80
const SUMMARY_CHARS_MAX = 240

const VERBS: Readonly<Record<string, string>> = { GET: 'Read', POST: 'Create', PUT: 'Replace', PATCH: 'Change', DELETE: 'Delete' }

const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
        .replaceAll(/<[^>]+>|[*_`#]+/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim()
    : ''
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
const cut = (words: string, max: number): string => (words.length <= max ? words : `${words.slice(0, max - 1).trimEnd()}…`)

/** Title and summary from the file's own words; without them from its id, or from verb and path. */
export function wordsOf(operation: Readonly<Record<string, unknown>>, method: string, path: string): { title: string; summary: string } {
  const short = text(operation['summary'])
  const long = text(operation['description'])
  const id = text(operation['operationId'])
  const things = path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{') && !/^v\d+$/.test(part))
    .join(' ')
  const title =
    short || (/[a-z]/i.test(id) ? slug(id).replaceAll('-', ' ') : '') || `${VERBS[method] ?? method} ${things.replaceAll(/[-_]+/g, ' ')}`
  const sentence = long.split(/(?<=[.!?])\s/)[0] ?? ''
  return {
    title: cut(capital(title).replace(/\.$/, ''), TITLE_CHARS_MAX),
    summary: cut(sentence || `${method} ${path}.`, SUMMARY_CHARS_MAX),
  }
}
