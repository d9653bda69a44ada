import type { Context } from 'hono'
import { planRefusal, refused } from './answers.ts'
import { type Account, assumes, type Flipbook, type HeyzineContext, TEXT_FIELDS, type TextField } from './state.ts'

export const PRIVATE_NOTE_CHARS_MAX = 200

const SWITCHES = ['download', 'full_screen', 'share', 'prev_next', 'show_info', 'rtl'] as const
const WORDS = ['background_color', 'logo', 'page_effect', 'url_path', 'url_domain', 'template'] as const
const PAGE_EFFECTS = ['magazine', 'book', 'album', 'notebook', 'fade', 'cards', 'coverflow', 'flip']
const PAGE_EFFECT_ALIASES: Record<string, string> = { slideshow: 'fade', onepage: 'flip' }

/** Query names of GET convert (CONFIRMED); fields without one, such as tags, note and replace, are for POST only. */
export const QUERY_NAMES: Record<string, string> = {
  pdf: 'pdf',
  rtl: 'rtl',
  k: 'client_id',
  t: 'title',
  s: 'subtitle',
  ds: 'description',
  tpl: 'template',
  d: 'download',
  fs: 'full_screen',
  sh: 'share',
  pn: 'prev_next',
  st: 'show_info',
  bg: 'background_color',
  lg: 'logo',
  pe: 'page_effect',
}

/** What a call asks for, in the API's own names. */
type Fields = { texts: Partial<Record<TextField, string>>; design: Record<string, string | boolean> }

/** Reads the known fields of a body or query. Empty strings are ignored (CONFIRMED); for tags see `emptyTagsIgnored`. */
export function readFields(context: HeyzineContext, body: Record<string, unknown>): Fields {
  const fields: Fields = { texts: {}, design: {} }
  for (const name of TEXT_FIELDS) {
    const value = body[name]
    const isEmptying = name === 'tags' && value === '' && !assumes(context, 'emptyTagsIgnored')
    if (typeof value === 'string' && (value !== '' || isEmptying)) fields.texts[name] = value
  }
  for (const name of SWITCHES) {
    const value = body[name]
    if (value !== undefined && value !== '') fields.design[name] = value === true || value === 1 || value === '1' || value === 'true'
  }
  for (const name of WORDS) {
    const value = body[name]
    if (typeof value === 'string' && value !== '') fields.design[name] = PAGE_EFFECT_ALIASES[value] ?? value
  }
  return fields
}

/** Refuses what the plan or the form of a value forbids; undefined when all may be applied. */
export function fieldsRefusal(c: Context, context: HeyzineContext, account: Account, fields: Fields): Response | undefined {
  const { logo, url_path: path, url_domain: domain, page_effect: effect } = fields.design
  if (typeof effect === 'string' && !PAGE_EFFECTS.includes(effect)) {
    if (assumes(context, 'refuseUnknownPageEffect')) return refused(c, 422, `Unknown page effect: ${effect}`)
    delete fields.design['page_effect']
  }
  if (typeof path === 'string' && !/^[A-Za-z0-9-]+$/.test(path) && assumes(context, 'refuseBadUrlPath')) {
    return refused(c, 422, 'The url path contains invalid characters')
  }
  return (
    (logo === undefined ? undefined : planRefusal(c, context, account, 'standard', 'An own logo')) ??
    (path === undefined ? undefined : planRefusal(c, context, account, 'professional', 'An own path')) ??
    (domain === undefined ? undefined : planRefusal(c, context, account, 'premium', 'An own domain'))
  )
}

/** Writes the fields; a template brings its design along but not its texts, own path or access list (CONFIRMED). */
export function applyFields(context: HeyzineContext, flipbook: Flipbook, fields: Fields): void {
  const template = context.state.flipbooks.find((other) => other.id === fields.design['template'] && other.clientId === flipbook.clientId)
  if (template) {
    const { url_path: _path, url_domain: _domain, template: _template, ...design } = template.design
    Object.assign(flipbook.design, design)
  }
  Object.assign(flipbook.design, fields.design)
  Object.assign(flipbook.texts, fields.texts)
}
