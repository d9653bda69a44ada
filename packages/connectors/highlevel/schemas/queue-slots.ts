import { z } from 'zod'
import { listOf, maybe, maybeText, results } from './lenient.ts'

/** In the order HighLevel counts them: 0 is Sunday (CONFIRMED). */
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** A weekly time of a queue, in the time zone of the sub-account. */
export const WeeklySlot = z.object({
  day: z.enum(WEEKDAYS).meta({ title: 'Day' }),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .meta({ title: 'Time', description: 'Hours and minutes, as 09:30.', examples: ['09:30'] }),
})
export type WeeklySlot = z.output<typeof WeeklySlot>

/** Weekly times as HighLevel wants them. */
export const slotsBody = (slots: readonly WeeklySlot[]): { dayOfWeek: number; time: string }[] =>
  slots.map(({ day, time }) => ({ dayOfWeek: WEEKDAYS.indexOf(day), time }))

/** Weekly times as HighLevel sends them; one with a day nobody knows is left out. */
export const WeeklySlotsReply = listOf(z.looseObject({ dayOfWeek: z.number(), time: z.string() })).transform((slots) =>
  slots.flatMap(({ dayOfWeek, time }): WeeklySlot[] => {
    const day = WEEKDAYS[dayOfWeek]
    return day === undefined ? [] : [{ day, time }]
  }),
)

/** When an item of a queue is to go out. */
export const PlannedSlot = z.object({
  itemId: z.string().meta({ title: 'Item id' }),
  at: z.string().meta({ title: 'Planned for' }),
  isSkipped: z.boolean().meta({ title: 'Is left out' }),
})
export type PlannedSlot = z.output<typeof PlannedSlot>

const PlannedSlotReply = z
  .looseObject({ itemId: maybeText, scheduledDateTime: maybeText, isSkipped: maybe(z.boolean()) })
  .transform((slot): PlannedSlot => ({ itemId: slot.itemId ?? '', at: slot.scheduledDateTime ?? '', isSkipped: slot.isSkipped === true }))

export const SlotsReply = results(z.looseObject({ slots: listOf(PlannedSlotReply), total: maybe(z.number()), timezone: maybeText }))
/** What a change of a queue's items answers: the times that are others now. */
export const ChangedSlotsReply = results(z.looseObject({ updatedSlots: listOf(PlannedSlotReply), totalPostsChanged: maybe(z.number()) }))

export const slotSample: PlannedSlot = { itemId: '66f3aa11bb22cc33dd44ee41', at: '2026-03-16T09:30:00.000Z', isSkipped: false }
