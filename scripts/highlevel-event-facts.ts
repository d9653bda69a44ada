import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { EventFacts } from '../packages/connectors/highlevel/events/facts.ts'
import type { Schema } from '../packages/connectors/highlevel/catalogue/facts.ts'

/** Where the facts about webhook events lie in the repository. */
export const EVENTS_DATA = join(import.meta.dirname, '..', 'packages', 'connectors', 'highlevel', 'events', 'data')

const Field = z.looseObject({ path: z.string(), types: z.array(z.string()), enum: z.array(z.unknown()).optional() })
const Events = z.looseObject({
  events: z.array(z.looseObject({ name: z.string(), fields: z.array(Field), example: z.looseObject({}) })),
})

type Node = { types: readonly string[]; choices?: readonly unknown[] | undefined; members: Map<string, Node>; items?: Node }
const node = (): Node => ({ types: [], members: new Map() })

/** `items[].taxes[].rate` as steps into objects (`items`, `taxes`, `rate`) and lists (`[]`). */
const stepsOf = (path: string): string[] => path.split('.').flatMap((part) => part.split(/(?=\[\])/))

function schemaOf({ types, choices, members, items }: Node): Schema {
  const known = members.size > 0 ? ['object'] : items ? ['array'] : types.filter((type) => type !== 'null')
  // A member shown as several types, or as nothing but null, may be anything.
  const [type] = known
  if (known.length !== 1 || type === undefined) return {}
  return {
    type,
    ...(choices === undefined ? {} : { enum: choices }),
    ...(members.size > 0 ? { properties: Object.fromEntries([...members].map(([name, member]) => [name, schemaOf(member)])) } : {}),
    ...(type === 'array' ? { items: items ? schemaOf(items) : {} } : {}),
  }
}

/** The data file of the events: what each body holds, as a schema, and a made-up body. */
export function eventTexts(folder: string): Map<string, string> {
  const { events } = Events.parse(JSON.parse(readFileSync(join(folder, 'webhook-events.json'), 'utf8')))
  const facts = events.map(({ name, fields, example }): EventFacts => {
    const root = node()
    for (const { path, types, enum: choices } of fields) {
      let current = root
      for (const step of stepsOf(path)) {
        const next = step === '[]' ? (current.items ?? node()) : (current.members.get(step) ?? node())
        if (step === '[]') current.items = next
        else current.members.set(step, next)
        current = next
      }
      Object.assign(current, { types, choices })
    }
    return { name, schema: schemaOf(root), sample: example }
  })
  return new Map([['events.json', `[\n${facts.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`]])
}
