import { z } from 'zod'
import { builtin } from '../connector.ts'
import { dayIn, Locale, Zone } from '../schemas/zone.ts'

const STYLES = {
  date: { dateStyle: 'medium' },
  'date-long': { dateStyle: 'full' },
  'date-time': { dateStyle: 'medium', timeStyle: 'short' },
  time: { timeStyle: 'short' },
  month: { month: 'long', year: 'numeric' },
  weekday: { weekday: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>
const STYLE_NAMES = ['date', 'date-long', 'date-time', 'time', 'month', 'weekday'] as const satisfies (keyof typeof STYLES)[]

const Moment = z
  .union([z.string(), z.number()])
  .refine((value) => !Number.isNaN(new Date(value).getTime()), 'Not a date or time')
  .meta({ title: 'Date or time', description: 'ISO text, or ms since 1970.', examples: ['2026-09-15T10:00:00Z'] })

export const formatDate = builtin.action({
  id: 'builtin.format.date',
  version: 1,
  title: 'Format a date',
  summary: 'Writes a date or time for people, in a language and a time zone.',
  phrase: 'format a date',
  group: 'Text',
  scopes: [],
  input: z.object({
    value: Moment,
    style: z.enum(STYLE_NAMES).default('date').meta({ title: 'Form' }),
    zone: Zone.default('UTC'),
    locale: Locale,
  }),
  output: z.object({
    text: z.string().meta({ title: 'Text' }),
    iso: z.string().meta({ title: 'ISO time', format: 'date-time' }),
    day: z.string().meta({ title: 'Day', description: 'In the time zone.', format: 'date' }),
  }),
  samples: [{ text: '15 Sept 2026', iso: '2026-09-15T10:00:00.000Z', day: '2026-09-15' }],
  rejects: [
    { input: { value: 'soon' }, because: 'not a date' },
    { input: { value: '2026-09-15', zone: 'Leeds' }, because: 'not a time zone' },
    { input: { value: '2026-09-15', locale: 'not a language' }, because: 'not a language' },
  ],
  effect: { kind: 'read' },
  run({ input }) {
    const at = new Date(input.value)
    const text = new Intl.DateTimeFormat(input.locale, { ...STYLES[input.style], timeZone: input.zone }).format(at)
    return Promise.resolve({ text, iso: at.toISOString(), day: dayIn(at, input.zone) })
  },
})
