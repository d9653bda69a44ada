import { z } from 'zod'
import { ROLES } from './permissions.ts'

/** Shapes of what people write about themselves and each other. */

export const Role = z.enum(Object.keys(ROLES) as [keyof typeof ROLES])
export const Email = z.email('Write an e-mail address').max(200).toLowerCase()
/** Length is what makes a password hard to guess; rules about its letters only make it hard to remember. */
export const NewPassword = z.string().min(10, 'Use at least 10 characters').max(200)
export const GivenPassword = z.string().min(1, 'Write your password').max(200)
export const Name = z.string().trim().min(1, 'Write a name').max(100)
export const LinkToken = z.string().min(20).max(100)
export const TimeZone = z.string().refine((zone) => isTimeZone(zone), 'is not a time zone, such as Europe/London')

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const WorkspaceView = z.object({ id: z.string(), name: z.string(), timeZone: z.string(), role: Role })
