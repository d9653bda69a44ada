import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Check, LogOut, Plus, UserRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { accountApi } from '../server/client.ts'
import { accountQuery } from '../server/queries.ts'
import { useAct } from '../server/use-act.ts'
import type { MenuItem } from '../ui/menu.tsx'

const NewWorkspace = lazy(async () => ({ default: (await import('./new-workspace.tsx')).NewWorkspace }))

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .filter((letter) => letter !== '')
    .slice(0, 2)
    .join('')
    .toUpperCase()

/** What the account menu offers: who is signed in, the workspaces, a way out. `dialogs` must be on the page. */
export function useAccountMenu() {
  const account = useQuery(accountQuery).data
  const client = useQueryClient()
  const navigate = useNavigate()
  const [isNewOpen, setNewOpen] = useState(false)
  const signOut = useAct({ run: () => accountApi.signOut(), stales: ['account'] })
  const choose = useAct<string>({
    run: async (workspace) => {
      await accountApi.chooseWorkspace({ body: { workspace } })
      await navigate({ to: '/' })
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'account' })
    },
    stales: ['account'],
  })
  if (account?.state !== 'signed-in') return undefined
  const { person, workspace, workspaces } = account
  const isOwner = workspaces.some(({ role }) => role === 'owner')
  const items: MenuItem[] = [
    { label: person.name, hint: person.email, icon: UserRound, onSelect: () => void navigate({ to: '/account' }) },
    'line',
    ...(workspaces.length > 1 || isOwner
      ? [
          ...workspaces.map((one) => ({
            label: one.name,
            hint: one.role,
            ...(one.id === workspace?.id ? { icon: Check } : {}),
            isDisabled: one.id === workspace?.id,
            onSelect: () => choose.mutate(one.id),
          })),
          ...(isOwner ? [{ label: 'New workspace', icon: Plus, onSelect: () => setNewOpen(true) }] : []),
          'line' as const,
        ]
      : []),
    { label: 'Sign out', icon: LogOut, onSelect: () => signOut.mutate() },
  ]
  const dialogs = (
    <Suspense>{isNewOpen && <NewWorkspace isOpen onClose={() => setNewOpen(false)} onMade={(id) => choose.mutate(id)} />}</Suspense>
  )
  return { items, dialogs, name: person.name, initials: initialsOf(person.name), workspace: workspace?.name ?? '' }
}
