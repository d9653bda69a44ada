import { z } from 'zod'

/** The leads webhook as Heyzine posts it (CONFIRMED shape; several leads may come in one delivery). */
export const LeadDelivery = z.looseObject({
  data: z.looseObject({
    leads: z.array(
      z.looseObject({
        date: z.string(),
        first_value: z.string().nullish(),
        second_value: z.string().nullish(),
        flipbook: z.looseObject({ id: z.string(), title: z.string().nullish() }),
        answer: z.array(z.looseObject({ label: z.string().nullish(), value: z.unknown().optional() })).nullish(),
      }),
    ),
  }),
})

export const Lead = z
  .object({
    date: z.string().meta({ title: 'Sent at', examples: ['2026-09-15T09:58:12Z'] }),
    flipbook: z
      .object({ id: z.string().meta({ title: 'Flipbook id' }), title: z.string().meta({ title: 'Title' }) })
      .meta({ title: 'Flipbook' }),
    firstValue: z
      .string()
      .meta({ title: 'First answer', description: 'What the visitor wrote in the first field of the form, often a name.' }),
    secondValue: z.string().meta({ title: 'Second answer', description: 'Often an e-mail address.' }),
    answers: z
      .array(z.object({ label: z.string().meta({ title: 'Field' }), value: z.string().meta({ title: 'Answer' }) }))
      .meta({ title: 'All answers' }),
  })
  .meta({ title: 'Lead' })
