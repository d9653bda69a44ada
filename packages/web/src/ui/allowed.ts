import type { Permission } from '@couplet/api'
import { createContext, useContext } from 'react'

/** What the person may do in this workspace; the shell fills it in. */
export const Allowed = createContext<{ role: string; permissions: ReadonlySet<string> }>({ role: '', permissions: new Set() })

/** `undefined` when it is allowed (or asks for nothing), else why not and who can help, as a sentence for the control. */
export function useRefusal(needs: Permission | undefined): string | undefined {
  const { role, permissions } = useContext(Allowed)
  if (needs === undefined || permissions.has(needs)) return undefined
  return `Your role (${role}) may not do this. Ask an owner or admin of the workspace.`
}
