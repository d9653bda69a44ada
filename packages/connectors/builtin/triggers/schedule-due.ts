import { z } from 'zod'
import { builtin } from '../connector.ts'
import { CronPattern } from '../schemas/cron.ts'
import { dayIn, dayPlus, Zone } from '../schemas/zone.ts'

const Day = z.string().meta({ format: 'date' })

export const scheduleDue = builtin.trigger({
  id: 'builtin.schedule.due',
  version: 1,
  title: 'At set times',
  summary: 'Starts at the times of a pattern in a time zone.',
  phrase: 'it is time',
  group: 'Start',
  scopes: [],
  input: z.object({ pattern: CronPattern, zone: Zone.optional().meta({ description: 'Empty: the time zone of the workspace.' }) }),
  output: z.object({
    dueAt: z.string().meta({ title: 'Due at' }),
    previousAt: z.string().optional().meta({ title: 'Due before that', description: 'Missing the first time.' }),
    day: Day.meta({ title: 'Day', description: 'In the time zone of the schedule.' }),
    lastWeek: z
      .object({ from: Day.meta({ title: 'From' }), to: Day.meta({ title: 'To' }) })
      .meta({ title: 'The seven days before', description: 'Without the day itself: the period HighLevel statistics cover.' }),
  }),
  samples: [
    {
      dueAt: '2026-09-14T06:00:00.000Z',
      previousAt: '2026-09-07T06:00:00.000Z',
      day: '2026-09-14',
      lastWeek: { from: '2026-09-07', to: '2026-09-13' },
    },
  ],
  scheduled: {
    schedule: ({ pattern, zone }) => ({ pattern, zone }),
    fact({ dueAt, previousAt, zone }) {
      const day = dayIn(new Date(dueAt), zone)
      return {
        key: `schedule:${dueAt}`,
        at: dueAt,
        data: { dueAt, previousAt, day, lastWeek: { from: dayPlus(day, -7), to: dayPlus(day, -1) } },
      }
    },
  },
})
