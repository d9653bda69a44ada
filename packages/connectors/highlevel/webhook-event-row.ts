import type { Scope } from './scopes.ts'

/** A webhook event as facts. `nameInBody` is what `type` holds when the vendor's pages show a name at all. */
export type WebhookEventRow = { name: string; group: string; title: string; scopes: readonly Scope[]; nameInBody?: string }
