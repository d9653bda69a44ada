import { z } from 'zod'

/** Fields shared by the access operations. The vendor's parameter is `name`; its value is the full id (CONFIRMED). */
export const protectedThing = {
  id: z
    .string()
    .regex(/^[0-9a-f]{40}(\.pdf)?$/i, 'Must be a full id: 40 characters, with .pdf for a flipbook')
    .meta({ title: 'Flipbook or bookshelf', list: 'flipbooks', given: [] }),
  thing: z.enum(['flipbook', 'bookshelf']).default('flipbook').meta({ title: 'Kind' }),
}

export const ACCESS_TYPES = ['user_pass', 'google', 'pass_only', 'otp', 'email_link', 'send_code'] as const

/** Kinds of access that name a person, and those that have a password (CONFIRMED). */
export const NEEDS_USER: readonly (typeof ACCESS_TYPES)[number][] = ['user_pass', 'google', 'email_link', 'send_code']
export const NEEDS_PASSWORD: readonly (typeof ACCESS_TYPES)[number][] = ['user_pass', 'pass_only', 'otp']
