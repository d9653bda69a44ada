import type { FlowDetail } from '@couplet/api'
import type { Edit } from '@couplet/flow'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { connectionsQuery, flowQuery } from '../../server/queries.ts'
import { say } from '../../ui/toast.tsx'

/** A new slot for which there is only one account gets it at once: where there is no choice, nobody has to choose. */
export function useOnlyAccount(flow: FlowDetail): (edits: readonly Edit[]) => void {
  const client = useQueryClient()
  return (edits) => {
    const added = edits.flatMap((edit) => (edit.kind === 'set-slot' ? [edit] : []))
    if (added.length === 0) return
    const bind = async () => {
      const connections = await client.fetchQuery(connectionsQuery)
      const bindings = { ...flow.bindings }
      for (const { slot, connector } of added) {
        const [only, ...others] = connections.filter((one) => one.connector === connector && one.environment === flow.environment)
        if (only && others.length === 0) bindings[slot] = [only.id]
      }
      if (Object.keys(bindings).length > Object.keys(flow.bindings).length)
        client.setQueryData(flowQuery(flow.id).queryKey, await api.flows.setBindings({ params: { flow: flow.id }, body: { bindings } }))
    }
    bind().catch((error: unknown) => say(problemOf(error).message, problemOf(error).hint))
  }
}
