import { jsonBeside } from '@couplet/connector-sdk'
import { z } from 'zod'
import { Schema } from '../catalogue/facts.ts'

/** What the body of an event holds, and a body made up by us. */
export const EventFacts = z.object({ name: z.string(), schema: Schema, sample: z.record(z.string(), z.unknown()) })
export type EventFacts = z.output<typeof EventFacts>

let known: ReadonlyMap<string, EventFacts> | undefined

/** Facts of an event by its name; the file is read when the first of them is asked for. */
export function eventFacts(name: string): EventFacts | undefined {
  known ??= new Map(
    z
      .array(EventFacts)
      .parse(jsonBeside(new URL('./data/events.json', import.meta.url)))
      .map((facts) => [facts.name, facts]),
  )
  return known.get(name)
}
