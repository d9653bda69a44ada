import { isJsonObject } from '@couplet/core'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { wordsOfName } from '../../schema/read-schema.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { isPossibleOn, nameOfRow, type QuickAction } from './action-forms.ts'
import { putCollection } from './control.ts'
import { FlipbookPages } from './flipbook-pages.tsx'
import type { StateRow } from './state-tables.tsx'

/** One record of the vendor: read as a tree, changed as JSON. */
export function RowSheet({
  vendor,
  name,
  rows,
  row,
  quicks,
  onQuick,
  onClose,
}: {
  vendor: string
  name: string
  rows: readonly Record<string, unknown>[]
  row: StateRow | undefined
  quicks: readonly QuickAction[]
  onQuick: (quick: QuickAction, row: StateRow) => void
  onClose: () => void
}) {
  const [edited, setEdited] = useState<unknown>()
  const close = () => {
    setEdited(undefined)
    onClose()
  }
  const save = useAct({ run: (next: readonly unknown[]) => putCollection(vendor, name, next), stales: ['sandbox'], onDone: close })
  if (!row) return null
  return (
    <Sheet
      isOpen
      onClose={close}
      title={`${wordsOfName(name)}, ${row.index + 1} of ${rows.length}`}
      width="lg"
      footer={
        edited === undefined ? (
          <>
            <Button needs="sandbox.use" variant="quiet" isBusy={save.isPending} onClick={() => save.mutate(rows.toSpliced(row.index, 1))}>
              Remove record
            </Button>
            <Button onClick={() => setEdited(row.value)}>Edit record</Button>
          </>
        ) : (
          <>
            <Button onClick={() => setEdited(undefined)}>Cancel</Button>
            <Button
              needs="sandbox.use"
              variant="primary"
              isBusy={save.isPending}
              onClick={() => save.mutate(rows.with(row.index, edited as Record<string, unknown>))}
            >
              Save record
            </Button>
          </>
        )
      }
    >
      {edited === undefined ? (
        <>
          {quicks.length > 0 && (
            <div className="mb-4 flex flex-wrap gap-2">
              {quicks
                .filter((quick) => isPossibleOn(quick, row.value))
                .map((quick) => (
                  <Button key={quick.action} size="sm" onClick={() => onQuick(quick, row)}>
                    {quick.label}
                  </Button>
                ))}
            </div>
          )}
          <Pages vendor={vendor} row={row} />
          <JsonView value={row.value} openDepth={3} />
        </>
      ) : (
        <JsonField label="Record" value={row.value} onChange={setEdited} minHeight={280} />
      )}
      {save.isError && <ErrorState error={save.error} />}
    </Sheet>
  )
}

/** What can be looked at of a record that is a document. */
function Pages({ vendor, row: { value } }: { vendor: string; row: StateRow }) {
  const { id, document } = value
  if (typeof id !== 'string' || !isJsonObject(document) || typeof document['pages'] !== 'number') return null
  return <FlipbookPages key={id} vendor={vendor} id={id} title={nameOfRow(value)} pages={document['pages']} />
}
