import { addressOf, createPageClient } from '@couplet/api'
import { routes } from 'virtual:api-routes'

export { addressOf }

let workspace: string | undefined

/** From now on everything is asked in this workspace, also when another tab of the same person works in another one. */
export const workIn = (id: string | undefined): void => {
  workspace = id
}
export const workingIn = (): string | undefined => workspace

/** `fetch` for the server this page came from, in the workspace of this page. */
export const fetchHere: typeof fetch = (address, init) => {
  const headers = new Headers(init?.headers)
  if (workspace !== undefined) headers.set('couplet-workspace', workspace)
  return fetch(address, { ...init, headers })
}

/** The API of the server this page came from. */
export const api = createPageClient(routes, { baseUrl: '', fetch: fetchHere })

/** The same for what belongs to the person and to no workspace. */
export const accountApi = createPageClient(routes, { baseUrl: '' }).account
