import type { Logger } from '@couplet/engine'
import { newId } from '@couplet/core'
import type { Store } from '@couplet/store'
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { hashPassword, verifyPassword } from './password-hash.ts'

/** Header by which the address of a caller reaches better-auth: set by us alone, whatever the request said. */
export const IP_HEADER = 'x-couplet-caller'

const DAY_S = 86_400
const PASSWORD_CHARS = { min: 10, max: 200 }

/**
 * better-auth as Couplet uses it: people, passwords, sessions and second factors, on our tables. Its own HTTP routes are not mounted;
 * our endpoints call it (decision 0008). No sign-up, no social providers, no telemetry.
 */
export const createBetterAuth = (options: { store: Store; key: string; address: string; log: Logger }) =>
  betterAuth({
    appName: 'Couplet',
    baseURL: options.address,
    secret: options.key,
    database: options.store.pool,
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      disableColors: true,
      log: (level, message) => options.log[level === 'error' ? 'error' : 'warn']({ from: 'sign-in' }, message),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARS.min,
      maxPasswordLength: PASSWORD_CHARS.max,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    session: {
      modelName: 'sessions',
      expiresIn: 14 * DAY_S,
      updateAge: DAY_S,
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
      },
      additionalFields: { workspaceId: { type: 'string', required: false, input: false, fieldName: 'workspace_id' } },
    },
    user: {
      modelName: 'people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    account: {
      modelName: 'credentials',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    plugins: [
      twoFactor({
        issuer: 'Couplet',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'two_factors',
            fields: {
              userId: 'person_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
    // Tries are counted by our own table, which also knows the account (see sign-in.ts), and foreign pages are refused by the guard.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'couplet',
      useSecureCookies: options.address.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [IP_HEADER] },
      disableCSRFCheck: true,
      database: { generateId: ({ model }) => newId(model === 'user' ? 'per' : model === 'session' ? 'ses' : 'key') },
    },
  })

export type BetterAuth = ReturnType<typeof createBetterAuth>
