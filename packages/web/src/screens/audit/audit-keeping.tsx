import { useQuery } from '@tanstack/react-query'
import { api } from '../../server/client.ts'
import { workspaceQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { Select } from '../../ui/select.tsx'

const CHOICES = [90, 180, 400, 800, 3_650]
const wordsOf = (days: number): string => (days % 365 === 0 ? `${days / 365} years` : `${days} days`)

/** How many days events stay. */
export function AuditKeeping() {
  const workspace = useQuery(workspaceQuery)
  const save = useAct<number>({ run: (auditDays) => api.workspace.update({ body: { auditDays } }), stales: ['workspace', 'audit'] })
  if (workspace.isError) return <ErrorState error={workspace.error} onRetry={() => void workspace.refetch()} />
  if (!workspace.data) return null
  const { auditDays } = workspace.data
  return (
    <>
      <Select
        label="How long events are kept"
        className="w-40"
        value={String(auditDays)}
        options={[...new Set([...CHOICES, auditDays])]
          .toSorted((left, right) => left - right)
          .map((days) => ({ value: String(days), label: wordsOf(days) }))}
        onChange={(days) => save.mutate(Number(days))}
      />
      <p className="mt-2 max-w-[72ch] text-caption text-soft">
        Older events are deleted for good. Export them before if you must keep them.
      </p>
      {save.isError && <ErrorState error={save.error} />}
    </>
  )
}
