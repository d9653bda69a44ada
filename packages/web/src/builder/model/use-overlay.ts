import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { runQuery } from '../../server/queries.ts'
import { type Overlay, overlayOf } from './overlay.ts'

/** The run named in the address, or the last test, as marks on the steps. The newer word wins. */
export function useOverlay(runId: string | undefined): [Overlay | undefined, (overlay: Overlay | undefined) => void] {
  const [tested, setTested] = useState<Overlay | null>()
  const run = useQuery({ ...runQuery(runId ?? ''), enabled: runId !== undefined })
  const ofRun = useMemo(
    () => (runId !== undefined && run.data ? overlayOf({ kind: 'run', runId }, run.data.steps) : undefined),
    [runId, run.data],
  )
  const shown = tested === undefined ? ofRun : (tested ?? undefined)
  const set = useMemo(() => (overlay: Overlay | undefined) => setTested(overlay ?? null), [])
  return [shown, set]
}
