import { useQueryClient } from '@tanstack/react-query'
import { validateDefinition } from '@couplet/flow'
import { useEffect } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { flowQuery } from '../../server/queries.ts'
import type { BuilderStore } from './store.ts'

const PAUSE_MS = 700

/** Saves the draft a moment after the last edit. When somebody else saved meanwhile, nothing is overwritten: the conflict is shown. */
export function useAutosave(flowId: string, store: BuilderStore): void {
  const client = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isSaving = false
    const save = async () => {
      const { definition, revision, pending } = store.getState()
      if (isSaving || pending.length === 0) return
      isSaving = true
      store.setSave({ kind: 'saving' })
      try {
        const flow = await api.flows.saveDraft({ params: { flow: flowId }, body: { fromRevision: revision, definition } })
        client.setQueryData(flowQuery(flowId).queryKey, flow)
        store.saved(definition, flow.draftRevision, pending.length, Date.now())
      } catch (error) {
        if (problemOf(error).code === 'flow.changed_elsewhere') store.setSave({ kind: 'conflict', theirs: await loadTheirs(flowId) })
        else store.setSave({ kind: 'failed', error })
      } finally {
        isSaving = false
      }
      if (store.getState().save.kind === 'unsaved') schedule()
    }
    const schedule = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void save(), PAUSE_MS)
    }
    const stop = store.subscribe((state, before) => {
      if (
        state.save.kind === 'unsaved' &&
        (state.definition !== before.definition || before.save.kind !== 'unsaved') &&
        state.pending.length > 0
      )
        schedule()
    })
    const onLeave = (event: BeforeUnloadEvent) => {
      if (store.getState().pending.length > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', onLeave)
    return () => {
      stop()
      clearTimeout(timer)
      window.removeEventListener('beforeunload', onLeave)
      // Leaving the screen is no reason to lose the last words typed.
      void save()
    }
  }, [flowId, store, client])
}

async function loadTheirs(flowId: string) {
  try {
    const flow = await api.flows.get({ params: { flow: flowId } })
    const { definition } = validateDefinition(flow.draft, () => undefined)
    return definition ? { definition, revision: flow.draftRevision } : undefined
  } catch {
    return undefined
  }
}
