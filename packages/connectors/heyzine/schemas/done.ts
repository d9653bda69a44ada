import { z } from 'zod'

/** `{success: true, code, msg}` of Heyzine's writes; one endpoint leaves `msg` out. */
export const DoneReply = z.looseObject({ msg: z.string().nullish() })

export const message = z.string().meta({ title: 'What Heyzine said' })
