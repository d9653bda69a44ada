import type { Http } from './http.ts'

/** What a grant covers: one account of the vendor, or an agency whose token makes tokens for its accounts. */
export type GrantLevel = 'account' | 'agency'

/** An account that an agency's token can open. */
export type AgencyAccount = { id: string; name: string; address?: string; isInstalled: boolean }

/** What a call with an agency's token is given. */
export type AgencyCall = { http: Http; facts: Readonly<Record<string, string>>; clientId: string }

/**
 * OAuth 2 authorization code, as far as vendors differ in it. The protocol itself, `state`, storage, refreshing and the lock around it belong
 * to the engine; a connector only says what its vendor calls things.
 */
export type OAuthRules = {
  /** Where a person approves; the first is the usual one. An app may name another (white label). */
  authorizeUrls: readonly [{ title: string; url: string }, ...{ title: string; url: string }[]]
  authorizeParameters?: Readonly<Record<string, string>>
  /** Under the base URL of the connection. */
  tokenPath: string
  /** Fields this vendor wants with every token call besides those of the standard. */
  tokenFields?(level: GrantLevel): Record<string, string>
  /** `undocumented`: only sent when the app says that its vendor takes it. */
  pkce: 'documented' | 'undocumented'
  /** Permissions an agency's grant needs besides those of the flows. */
  agencyScopes: readonly string[]
  /** What the answer of the token endpoint says besides the tokens. `facts` become those of the connection. Throws when it says too little. */
  readGrant(answer: Readonly<Record<string, unknown>>): { level: GrantLevel; facts: Record<string, string>; scopes: readonly string[] }
  /** What the vendor calls the account, to name the connection after it. */
  accountName?(http: Http, facts: Readonly<Record<string, string>>): Promise<string | undefined>
  /** A new authorization code without a person, for a refresh token that was lost. */
  recover?: {
    path: string
    fields(app: { clientId: string; clientSecret: string }, facts: Readonly<Record<string, string>>): Record<string, string>
    readCode(answer: unknown): string | undefined
  }
  agency?: {
    /** All accounts of the agency, with whether the app is installed there. */
    accounts(call: AgencyCall): Promise<AgencyAccount[]>
    /** A token for one account. */
    mint(
      call: AgencyCall,
      accountId: string,
    ): Promise<{ token: string; expiresInS: number; scopes: readonly string[]; facts: Record<string, string> }>
  }
  /** What a person does at the vendor to get client id and secret; `{redirect}` stands for our address. */
  setUp: string
}
