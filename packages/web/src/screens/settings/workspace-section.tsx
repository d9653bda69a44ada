import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, Hourglass, KeyRound, ScrollText, Users } from 'lucide-react'
import { useState } from 'react'
import { TIME_ZONES } from '../../entry/time-zones.ts'
import { api } from '../../server/client.ts'
import { workspaceQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { useRefusal } from '../../ui/allowed.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { plural } from '../../words/times.ts'

const PAGES = [
  { to: '/settings/people', title: 'People and roles', words: 'Who is in, what they may do, invitations', icon: Users },
  { to: '/settings/tokens', title: 'API tokens', words: 'For programs and the command line', icon: KeyRound },
  { to: '/settings/audit', title: 'Audit log', words: 'Every change and who made it, uses of secrets', icon: ScrollText },
  { to: '/settings/retention', title: 'Retention', words: 'How long runs and webhooks are kept', icon: Hourglass },
] as const

/** The workspace itself, and the ways to its people, tokens and log. */
export function WorkspaceSection() {
  const workspace = useQuery(workspaceQuery)
  return (
    <div className="grid gap-4">
      {workspace.isPending ? (
        <SkeletonRows label="Loading the workspace" rows={1} />
      ) : workspace.isError ? (
        <ErrorState error={workspace.error} onRetry={() => void workspace.refetch()} />
      ) : (
        <WorkspaceForm key={`${workspace.data.name} ${workspace.data.timeZone}`} {...workspace.data} />
      )}
      <ul className="divide-y divide-line border-y border-line">
        {PAGES.map((page) => (
          <li key={page.to}>
            <Link to={page.to} className="flex min-h-12 items-center gap-3 py-2 text-dense hover:bg-panel">
              <page.icon aria-hidden className="size-5 shrink-0 text-icon" strokeWidth={1.6} />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{page.title}</span>
                <span className="block text-caption text-soft">{page.words}</span>
              </span>
              <ChevronRight aria-hidden className="size-4 text-icon" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

type Known = { name: string; timeZone: string; locations: readonly { locationId: string }[] }

function WorkspaceForm({ name: knownName, timeZone: knownZone, locations }: Known) {
  const refusal = useRefusal('workspace.write')
  const [name, setName] = useState(knownName)
  const [timeZone, setTimeZone] = useState(knownZone)
  const save = useAct({
    run: () => api.workspace.update({ body: { name, timeZone } }),
    stales: ['workspace', 'account'],
    onDone: () => say('Workspace saved'),
  })
  const count = new Set(locations.map(({ locationId }) => locationId)).size
  if (refusal !== undefined)
    return (
      <p className="text-dense">
        {knownName}, {knownZone}. <span className="text-soft">{refusal}</span>
      </p>
    )
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Name" className="max-w-72 flex-1 basis-52">
          <TextInput value={name} onText={setName} />
        </Field>
        <Field label="Time zone" className="max-w-72 flex-1 basis-52">
          <Combobox value={timeZone} options={TIME_ZONES} onChange={(zone) => setTimeZone(zone ?? knownZone)} />
        </Field>
        <Button type="submit" isBusy={save.isPending} disabled={name.trim() === '' || (name === knownName && timeZone === knownZone)}>
          Save
        </Button>
      </div>
      <p className="text-caption text-soft">
        {count === 0 ? 'Its connections reach no HighLevel location yet.' : `Its connections reach ${plural(count, 'HighLevel location')}.`}
      </p>
      {save.isError && <ErrorState error={save.error} />}
    </form>
  )
}
