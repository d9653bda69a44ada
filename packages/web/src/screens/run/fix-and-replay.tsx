import type { RunDetail } from '@couplet/api'
import { isJsonObject } from '@couplet/core'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'

/** The data of the fact: runs keep it inside a frame with the time. */
const dataOf = (fact: unknown): unknown => (isJsonObject(fact) && 'data' in fact ? fact['data'] : fact)

/** Another input than the original's, then all again from the start. */
export function FixAndReplay({
  run,
  isOpen,
  onClose,
  onReplayed,
}: {
  run: RunDetail
  isOpen: boolean
  onClose: () => void
  onReplayed: (run: { runId: string }) => void
}) {
  const [data, setData] = useState<unknown>(() => dataOf(run.fact))
  const replay = useAct({
    // What stands in the editor was parsed from JSON, so it is JSON.
    run: () =>
      api.runs.replay({
        params: { run: run.id },
        body: { from: 'start', version: 'newest', fact: JSON.parse(JSON.stringify(data ?? null)) },
      }),
    stales: ['runs'],
    onDone: (made) => {
      onClose()
      onReplayed(made)
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="md"
      title="Fix the data and replay"
      changes={run.environment}
      text="This is what started the run. Change what is wrong; a new run starts with it, and this one stays as it is."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={replay.isPending} onClick={() => replay.mutate()}>
            Replay with this data
          </Button>
        </>
      }
    >
      <JsonField label="Data that starts the run" value={data} onChange={setData} minHeight={220} />
      <Note className="mt-3">
        All steps run again, also those that were done: writes are sent once more
        {run.environment === 'live' ? ', to live accounts' : ', in the sandbox'}.
      </Note>
      {replay.isError && <ErrorState error={replay.error} />}
    </Dialog>
  )
}
