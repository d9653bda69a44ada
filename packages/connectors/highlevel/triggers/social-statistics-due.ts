import { z } from 'zod'
import { vendor } from '../connector.ts'
import { dayOf, dayStart, isZone } from '@couplet/connector-sdk'

const Due = z.object({
  dueAt: z.string().meta({ title: 'Due at' }),
  from: z.string().meta({ title: 'From' }),
  to: z.string().meta({ title: 'To' }),
  previousFrom: z.string().meta({ title: 'Compare from' }),
  previousTo: z.string().meta({ title: 'Compare to' }),
  firstDay: z.string().meta({ title: 'First day' }),
  lastDay: z.string().meta({ title: 'Last day' }),
  days: z.number().meta({ title: 'Days' }),
  zone: z.string().meta({ title: 'Time zone' }),
})

const DueInput = z.object({
  pattern: z
    .string()
    .regex(/^\S+( \S+){4}$/, 'A pattern has five parts: minute, hour, day, month, weekday.')
    .default('0 7 * * 1')
    .meta({ title: 'When', description: 'Minute, hour, day of the month, month, weekday. 0 7 * * 1 is Monday at 7.' }),
  zone: z
    .string()
    .refine(isZone, 'Write it as Europe/London.')
    .optional()
    .meta({ title: 'Time zone', description: 'Empty: the time zone of the workspace.' }),
  days: z
    .int()
    .min(1)
    .max(366)
    .default(7)
    .meta({ title: 'Days to report', description: 'Full days before the day it fires, against as many before them.' }),
})
type DueInput = z.output<typeof DueInput>

/** The days to report at this moment: whole days in the zone, the last one being yesterday. Ends are a millisecond before midnight. */
export function reportWindow(input: Pick<DueInput, 'days'> & { zone: string }, dueAt: string): z.input<typeof Due> {
  const at = Date.parse(dueAt)
  const end = dayStart(input.zone, at, 0)
  const from = dayStart(input.zone, at, input.days)
  const previousFrom = dayStart(input.zone, at, input.days * 2)
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    dueAt: iso(at),
    from: iso(from),
    to: iso(end - 1),
    previousFrom: iso(previousFrom),
    previousTo: iso(from - 1),
    firstDay: dayOf(input.zone, from),
    lastDay: dayOf(input.zone, end - 1),
    days: input.days,
    zone: input.zone,
  }
}

export const socialStatisticsDue = vendor.trigger({
  id: 'highlevel.social-statistics.due',
  version: 1,
  title: 'Social statistics are due',
  summary: 'Starts at the times you set, with the days to report and the days to compare them with.',
  phrase: 'the social statistics of {connection} are due',
  group: 'Social statistics',
  facts: [{ mark: 'CONFIRMED', text: 'HighLevel leaves today out of its own periods; so does this one.' }],
  scopes: [],
  input: DueInput,
  output: Due,
  samples: [reportWindow({ zone: 'Europe/London', days: 7 }, '2026-03-09T07:00:00.000Z')],
  scheduled: {
    schedule: ({ pattern, zone }) => ({ pattern, zone }),
    fact: ({ input: { days }, dueAt, zone }) => ({
      key: `hl.statistics-due:${dueAt}`,
      at: dueAt,
      data: reportWindow({ days, zone }, dueAt),
    }),
  },
  byHand: {
    title: 'Report now',
    pick: z.object({}),
    fact: async ({ input: { days, zone }, workspaceZone, now, runKey }) => ({
      key: `hl.statistics-due:by-hand:${runKey}`,
      at: now,
      data: reportWindow({ days, zone: zone ?? workspaceZone }, now),
    }),
  },
})
