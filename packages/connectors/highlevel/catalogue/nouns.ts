/** Parts of paths that are no words as they stand. */
const WORDS: Readonly<Record<string, string>> = {
  customFields: 'custom fields',
  customValues: 'custom values',
  faqs: 'questions and answers',
  adsets: 'ad sets',
  lookup: 'redirects',
  redirect: 'redirects',
  crawler: 'web pages',
  url: 'address',
  segments: 'audience segments',
  me: 'signed-in account',
  facebook: 'Facebook',
  google: 'Google',
  linkedin: 'LinkedIn',
  instagram: 'Instagram',
  tiktok: 'TikTok',
  csv: 'CSV import',
  reporting: 'report',
  targeting: 'targeting options',
  email: 'e-mail',
}
const SINGULAR: Readonly<Record<string, string>> = {
  'questions and answers': 'question and answer',
  status: 'status',
  business: 'business',
  address: 'address',
  sms: 'SMS',
  progress: 'progress',
  stats: 'statistics',
  settings: 'settings',
  entity: 'entity',
}

/** `shipping-zone` and `customFields` as words. */
export const humanised = (part: string): string =>
  WORDS[part] ??
  part
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]+/g, ' ')
    .toLowerCase()
    .trim()

export function singular(words: string): string {
  const known = SINGULAR[words]
  if (known !== undefined) return known
  if (/(ss|us|is|news)$/.test(words)) return words
  if (words.endsWith('ies')) return `${words.slice(0, -3)}y`
  if (/(sses|xes|ches|shes)$/.test(words)) return words.slice(0, -2)
  return words.endsWith('s') ? words.slice(0, -1) : words
}

export function plural(words: string): string {
  const one = singular(words)
  if (one !== words || /(statistics|settings)$/.test(words)) return words
  if (/[^aeiou]y$/.test(words)) return `${words.slice(0, -1)}ies`
  return /(s|x|ch|sh)$/.test(words) ? `${words}es` : `${words}s`
}

/** With its article: `an invoice`, `a user`. Words that are no thing one counts have none. */
export function article(words: string): string {
  if (/^(an?|the) /.test(words) || /(settings|statistics|status|progress)$/.test(words)) return words
  return /^([aeio]|u(?!ser|ni|rl)|SMS)/i.test(words) && !/^one/i.test(words) ? `an ${words}` : `a ${words}`
}
