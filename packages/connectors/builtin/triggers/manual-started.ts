import { z } from 'zod'
import { builtin } from '../connector.ts'

const FIELD_TYPES = ['text', 'number', 'yes-no', 'date'] as const
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()])
type Value = z.output<typeof Value>

const asText = (entered: unknown): string => (typeof entered === 'string' ? entered : JSON.stringify(entered))

const READ: Record<(typeof FIELD_TYPES)[number], (text: string) => Value> = {
  text: (text) => text,
  number: (text) => (Number.isFinite(Number(text)) ? Number(text) : null),
  'yes-no': (text) => ['true', 'yes', 'on', '1'].includes(text.toLowerCase()),
  date: (text) => (Number.isNaN(Date.parse(text)) ? null : text),
}

/** What was typed, as the kind the flow asked for; `null` when it is empty or does not fit. An unticked box is a no. */
function typed(entered: unknown, type: (typeof FIELD_TYPES)[number]): Value {
  if (entered === undefined || entered === null || entered === '') return type === 'yes-no' ? false : null
  return READ[type](asText(entered))
}

export const manualStarted = builtin.trigger({
  id: 'builtin.manual.started',
  version: 1,
  title: 'By hand',
  summary: 'Starts when a person presses Run now, after filling in the fields the flow asks for.',
  phrase: 'a person starts it',
  group: 'Start',
  scopes: [],
  input: z.object({
    fields: z
      .array(
        z.object({
          name: z
            .string()
            .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'A small letter first, then letters, digits and _')
            .meta({ title: 'Name' }),
          title: z.string().max(120).optional().meta({ title: 'Question' }),
          type: z.enum(FIELD_TYPES).default('text').meta({ title: 'Kind' }),
        }),
      )
      .max(20)
      .default([])
      .meta({ title: 'Fields to fill in' }),
  }),
  output: z.object({
    startedAt: z.string().meta({ title: 'Started at' }),
    values: z.record(z.string(), Value).meta({ title: 'Answers', description: 'By the name of the field.' }),
  }),
  samples: [{ startedAt: '2026-09-15T10:00:00.000Z', values: { note: 'Spring launch' } }],
  byHand: {
    title: 'Run now',
    pick: z.looseObject({}),
    fact({ input, picked, now, runKey }) {
      const values = Object.fromEntries(input.fields.map((field) => [field.name, typed(picked[field.name], field.type)]))
      return Promise.resolve({ key: `manual:${runKey}`, at: now, data: { startedAt: now, values } })
    },
  },
})
