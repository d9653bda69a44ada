import { isJsonObject } from '@couplet/core'

const NAMES = ['name', 'title', 'fullName', 'reference', 'summary', 'email', 'subject']
const SAYING = /^(change|event|kind|status|previous\w*|mode)$/
const PARTS_MAX = 3
const CHARS_MAX = 48

const cut = (text: string): string => (text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text)
const nameIn = (value: unknown): string | undefined => {
  if (!isJsonObject(value)) return undefined
  const found = NAMES.map((name) => value[name]).find((name) => typeof name === 'string' && name !== '')
  return typeof found === 'string' ? found : undefined
}
const keyWords = (key: string): string => key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()

/** What a fact is about in a few words: `tag “summer-launch”, changed, previous name “spring-launch”`. Empty when nothing in it has a name. */
export function factWords(fact: unknown): string {
  const facts = isJsonObject(fact) && 'data' in fact ? fact['data'] : fact
  if (!isJsonObject(facts)) return ''
  const own = nameIn(facts)
  const named = Object.entries(facts).flatMap(([key, value]) => {
    const name = nameIn(value)
    return name === undefined ? [] : [`${keyWords(key)} “${cut(name)}”`]
  })
  const said = Object.entries(facts).flatMap(([key, value]) =>
    typeof value !== 'string' || value === '' || !SAYING.test(key)
      ? []
      : [key.startsWith('previous') ? `${keyWords(key)} “${cut(value)}”` : value],
  )
  return [...(own === undefined ? [] : [`“${cut(own)}”`]), ...named, ...said].slice(0, PARTS_MAX).join(', ')
}
