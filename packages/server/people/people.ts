import type { Logger } from '@couplet/engine'
import type { Store } from '@couplet/store'
import { type Callers, createCallers } from './callers.ts'
import { type ClientIp, clientIp } from './client-ip.ts'
import { createLimits, type Limits } from './limits.ts'
import type { LocalToken } from './local-token.ts'
import { createSignIn, type SignIn } from './sign-in.ts'

/** Everything about who comes in. */
export type People = { signIn: SignIn; callers: Callers; limits: Limits; ipOf: ClientIp }

export function createPeople(options: {
  store: Store
  log: Logger
  address(): string
  localToken: LocalToken | undefined
  trustedProxies: readonly string[]
}): People {
  const signIn = createSignIn(options)
  return {
    signIn,
    callers: createCallers({ store: options.store, signIn, localToken: options.localToken }),
    limits: createLimits(options.store),
    ipOf: clientIp(options.trustedProxies),
  }
}
