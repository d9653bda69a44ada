import type { SimulatorContext } from '../frame/simulator.ts'
import type { HeyzineSettings } from './settings.ts'

/** Width by height of A4, told while nothing better is known. */
export const A4_ASPECT_RATIO = Math.round(Math.SQRT1_2 * 10_000) / 10_000

export const PLANS = ['free', 'standard', 'professional', 'premium'] as const
export type Plan = (typeof PLANS)[number]

export type Account = {
  clientId: string
  apiKey: string
  plan: Plan
  /** `flipbook-replace` is off until Heyzine support enables it. */
  hasReplace: boolean
  whiteLabelHost: string | null
  /** Set by hand in the web app: where leads go, how often, and when the last batch left. */
  leadsHook: { id: string; url: string; everyMinutes: number; sentAt: number | null } | null
}

/** What is known of a converted document. The bytes are in memory only (see `documents.ts`). */
type StoredDocument = {
  sha256: string
  sizeBytes: number
  pages: number
  aspectRatio: number
  /** Counts every stored document of this flipbook, 0 first. */
  revision: number
  /** The `-n` of the stored file's name; only `flipbook-replace` raises it. */
  suffix: number
  /** Sample documents are made when asked for. */
  isSample: boolean
}

export const TEXT_FIELDS = ['title', 'subtitle', 'description', 'private_note', 'tags'] as const
export type TextField = (typeof TEXT_FIELDS)[number]

export type Flipbook = {
  id: string
  clientId: string
  sourceUrl: string
  createdAt: number
  texts: Record<TextField, string>
  design: Record<string, string | boolean>
  social: Record<string, string>
  document: StoredDocument | null
  conversion: { state: 'started' | 'processed' | 'failed'; readyAt: number; isAsync: boolean; why: string | null }
  /** Until `until`, the named fields read empty. */
  settling: { until: number; fields: TextField[] } | null
}

export type Bookshelf = {
  id: string
  clientId: string
  createdAt: number
  title: string
  subtitle: string
  description: string
  social: Record<string, string>
  /** Full flipbook ids in shelf order. */
  flipbookIds: string[]
}

export type Protection = {
  /** Full id of a flipbook or bookshelf. */
  name: string
  mode: 'users' | 'everyone' | 'disabled'
  password: string | null
  textUser: string | null
  textPassword: string | null
  entries: { accessType: string; user: string | null; password: string | null }[]
}

export type Lead = {
  clientId: string
  date: string
  flipbookId: string
  answer: { label: string; value: string }[]
  isSent: boolean
}

export type LeadDelivery = {
  id: string
  clientId: string
  url: string
  body: string
  attempts: { at: string; status: number | null; error: string | null }[]
  /** Epoch ms of the next attempt; null when finished. */
  nextAt: number | null
}

export type HeyzineState = {
  accounts: Account[]
  flipbooks: Flipbook[]
  bookshelves: Bookshelf[]
  protections: Protection[]
  leads: Lead[]
  leadDeliveries: LeadDelivery[]
  /** Makes ids distinct. */
  sequence: number
}

export type HeyzineContext = SimulatorContext<HeyzineState, HeyzineSettings>

type BooleanSetting = { [Key in keyof HeyzineSettings]: HeyzineSettings[Key]['value'] extends boolean ? Key : never }[keyof HeyzineSettings]

/** True when an unconfirmed behaviour is switched on and strict mode does not forbid it. */
export const assumes = (context: HeyzineContext, key: BooleanSetting): boolean => !context.isStrict() && context.setting(key)

export const planRank = (plan: Plan): number => PLANS.indexOf(plan)

/** The form of ids in URLs (CONFIRMED): the first ten hex digits. */
export const shortId = (id: string): string => id.slice(0, 10)

/** Flipbooks of an account that have a document, newest first (CONFIRMED order). */
export const listFlipbooks = (state: HeyzineState, clientId: string): Flipbook[] =>
  state.flipbooks
    .filter((flipbook) => flipbook.clientId === clientId && flipbook.document !== null)
    .toReversed()
    .toSorted((one, other) => other.createdAt - one.createdAt)

/** Removes a flipbook and everything that names it. */
export function removeFlipbook(state: HeyzineState, id: string): void {
  state.flipbooks = state.flipbooks.filter((flipbook) => flipbook.id !== id)
  state.protections = state.protections.filter((protection) => protection.name !== id)
  for (const shelf of state.bookshelves) shelf.flipbookIds = shelf.flipbookIds.filter((flipbookId) => flipbookId !== id)
}

/** On the Free plan the sixth flipbook removes the oldest (CONFIRMED). */
export function evictBeyondPlan(state: HeyzineState, clientId: string): void {
  const account = state.accounts.find((account) => account.clientId === clientId)
  if (account?.plan !== 'free') return
  for (const flipbook of listFlipbooks(state, clientId).slice(5)) removeFlipbook(state, flipbook.id)
}
