import { NAMES_OF_OBJECTS } from './definition.ts'

const CHARS_MAX = 36

/** A slot's name for a connector, unlike those that are taken: `pet-shop` becomes `petShop`, a second one `petShop2`. */
export function slotNameFor(connector: string, taken: ReadonlySet<string> = new Set()): string {
  const words = connector.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '')
  const joined = words.map((word, at) => (at === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1))).join('')
  const usual = joined.replace(/^[^a-z]+/, '').slice(0, CHARS_MAX)
  const name = usual === '' || NAMES_OF_OBJECTS.includes(usual) ? 'account' : usual
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}${count}`
    if (!taken.has(free)) return free
  }
}
