import { isJsonObject } from '@couplet/core'
import type { Client } from './client.ts'
import type { Contract } from './contract.ts'
import { type ClientOptions, perform, type Route, type UntypedCall } from './perform.ts'

/** The endpoints as addresses alone, area by area. */
export type Routes = Readonly<Record<string, Readonly<Record<string, Route>>>>

/** What the page is given of the contract when it is built. */
export const routesOf = (contract: Contract): Routes =>
  Object.fromEntries(
    Object.entries(contract).map(([area, endpoints]) => [
      area,
      Object.fromEntries(
        Object.entries(endpoints).map(([name, { method, path, isFile }]: [string, Route]) => [
          name,
          { method, path, ...(isFile ? { isFile } : {}) },
        ]),
      ),
    ]),
  )

/**
 * The client of the page, typed by the contracts like any other. It does not carry their schemas: page and server are of one release, since the server
 * gives out the page, and the schemas would be a quarter of what a first visit loads. An answer that is no JSON object is still refused.
 */
export function createPageClient(routes: Routes, options: ClientOptions): Client {
  const areas = Object.entries(routes).map(([area, endpoints]) => [
    area,
    Object.fromEntries(
      Object.entries(endpoints).map(([name, route]) => [
        name,
        (call?: UntypedCall) => perform(options, route, call ?? {}, (data) => (isJsonObject(data) ? { data } : undefined)),
      ]),
    ),
  ])
  // The routes are made from the contract, so the object has exactly its members.
  return Object.fromEntries(areas) as Client
}
