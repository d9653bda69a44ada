import type { ConnectionView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { say } from '../../ui/toast.tsx'

/** Removing asks first, and shows what would break. */
export function RemoveConnection({
  connection,
  isOpen,
  onClose,
  onRemoved,
}: {
  connection: ConnectionView
  isOpen: boolean
  onClose: () => void
  onRemoved: () => void
}) {
  const usedBy = useQuery({
    queryKey: ['connections', connection.id, 'used-by'],
    queryFn: async ({ signal }) => (await api.connections.usedBy({ params: { connection: connection.id }, signal })).usedBy,
    enabled: isOpen,
    staleTime: 0,
  })
  const remove = useAct({
    run: () => api.connections.remove({ params: { connection: connection.id } }),
    stales: ['connections'],
    onDone: () => {
      say(`"${connection.name}" is removed`)
      onRemoved()
    },
  })
  const uses = usedBy.data ?? []
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Remove "${connection.name}"?`}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" isBusy={remove.isPending} disabled={usedBy.isPending || uses.length > 0} onClick={() => remove.mutate()}>
            Remove connection
          </Button>
        </>
      }
    >
      {usedBy.isPending ? (
        <Skeleton className="h-10 w-full" />
      ) : uses.length > 0 ? (
        <div className="text-dense">
          <p>These flows would break, so it cannot be removed yet. Give them another connection first:</p>
          <ul className="mt-2 list-disc pl-5">
            {uses.map((use) => (
              <li key={use.flowId}>
                <Link to="/flows/$flowId" params={{ flowId: use.flowId }} className="text-accent-text hover:underline">
                  {use.flowName}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="text-dense text-soft">
          No flow uses it. Its secrets are deleted with it; at the vendor nothing changes, so revoke the token there too.
        </p>
      )}
      {remove.isError && <ErrorState error={remove.error} />}
    </Dialog>
  )
}
