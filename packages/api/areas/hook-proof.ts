import { z } from 'zod'

/** Header names that the way here, or Couplet itself, uses for something else; what comes in some of them is stored in the clear. */
const TAKEN =
  /^(?:accept.*|connection|content-.*|cookie|date|expect|forwarded|host|keep-alive|origin|proxy-.*|referer|sec-.*|te|trailer|transfer-encoding|upgrade|user-agent|via|x-forwarded-.*|x-real-ip|x-payaca-event|x-ghl-delivery-id)$/

const Header = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is no name of a header: letters, digits and hyphens')
  .refine((name) => !TAKEN.test(name), 'is used for something else: choose a name of your own')

const Secret = z
  .string()
  .min(16, 'is too short: 16 characters at least')
  .max(200, 'is too long: 200 characters at most')
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'may have letters, digits and signs of ASCII, and no blank at its ends')

/** What a webhook must prove. Without `secret` a new one is made. */
export const HookProofChoice = z.discriminatedUnion('proof', [
  z.strictObject({ proof: z.literal('none') }),
  z.strictObject({ proof: z.literal('header'), header: Header.default('x-couplet-secret'), secret: Secret.optional() }),
  z.strictObject({ proof: z.literal('hmac-sha256'), header: Header.default('x-couplet-signature'), secret: Secret.optional() }),
])
