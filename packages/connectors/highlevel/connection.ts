import type { Call } from '@couplet/connector-sdk'
import { z } from 'zod'

/** What is known of a connection besides its secret. One connection is one sub-account: social permissions exist for sub-accounts only (CONFIRMED). */
export const ConnectionFacts = z.object({
  locationId: z.string().trim().min(3).meta({
    title: 'Location id',
    description: 'The part after /location/ in the address of the sub-account.',
    placeholder: 've9EPM428h8vShlRW1KT',
  }),
  companyId: z
    .string()
    .trim()
    .min(3)
    .optional()
    .meta({ title: 'Agency id', description: 'Needed only to search people and sub-accounts of the whole agency.', advanced: true }),
})
export type ConnectionFacts = z.output<typeof ConnectionFacts>

export const ConnectionSecrets = z.object({
  token: z.string().trim().min(8).meta({
    title: 'Private Integration Token',
    description: 'Settings, Private Integrations, in the sub-account itself.',
    placeholder: 'pit-…',
  }),
})

/** What every operation of this connector is given, for functions shared by several. */
export type HighlevelCall<Input = unknown> = Pick<Call<Input, ConnectionFacts>, 'connection' | 'http' | 'log' | 'clock' | 'signal'>
