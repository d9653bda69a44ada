import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { CellChoice } from './cell-choice.tsx'
import { cellText, cellValue, type TableColumn } from './columns.ts'

type Row = { key: string; value: Record<string, unknown> }

/** One row, field by field. Members the columns do not name are kept. */
export function RowForm({
  table,
  row,
  onClose,
}: {
  table: { name: string; columns: readonly TableColumn[] }
  row: Row | 'new' | undefined
  onClose: () => void
}) {
  const known: Row = row === undefined || row === 'new' ? { key: '', value: {} } : row
  const [key, setKey] = useState(known.key)
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(table.columns.map((column) => [column.name, cellText(known.value[column.name])])),
  )
  const save = useAct({
    run: () => {
      const value: Record<string, unknown> = { ...known.value }
      for (const column of table.columns) {
        const next = cellValue(column, texts[column.name] ?? '')
        if (next === undefined) delete value[column.name]
        else value[column.name] = next
      }
      // Cells hold texts, numbers, yes or no and lists of texts, and the rest came as JSON.
      return api.tables.putRow({ params: { table: table.name, key: key.trim() }, body: { value: JSON.parse(JSON.stringify(value)) } })
    },
    stales: ['tables'],
    onDone: onClose,
  })
  return (
    <Sheet
      isOpen={row !== undefined}
      onClose={onClose}
      title={row === 'new' ? `Add a row to ${table.name}` : `Edit ${known.key}`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={save.isPending} disabled={key.trim() === ''} onClick={() => save.mutate()}>
            {row === 'new' ? 'Add row' : 'Save row'}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '') save.mutate()
        }}
      >
        <Field
          label="Key"
          isRequired
          hint={
            row === 'new'
              ? 'What the row is looked up by. A row with the same key is replaced.'
              : 'A row keeps its key; to change it, add another row and remove this one.'
          }
        >
          <TextInput value={key} onText={setKey} isCode disabled={row !== 'new'} autoFocus={row === 'new'} />
        </Field>
        {table.columns.map((column) => (
          <Field
            key={column.name}
            label={column.title}
            hint={column.type === 'list' && column.list === undefined ? 'Several are separated by commas.' : undefined}
          >
            {column.type === 'boolean' ? (
              <span className="flex h-8 items-center">
                <Switch
                  isOn={texts[column.name] === 'yes'}
                  label={column.title}
                  onChange={(isOn) => setTexts({ ...texts, [column.name]: isOn ? 'yes' : 'no' })}
                />
              </span>
            ) : column.list !== undefined ? (
              <CellChoice column={column} text={texts[column.name] ?? ''} onText={(text) => setTexts({ ...texts, [column.name]: text })} />
            ) : (
              <TextInput
                value={texts[column.name] ?? ''}
                onText={(text) => setTexts({ ...texts, [column.name]: text })}
                inputMode={column.type === 'number' ? 'decimal' : 'text'}
              />
            )}
          </Field>
        ))}
        <button type="submit" hidden />
        {save.isError && <ErrorState error={save.error} />}
      </form>
    </Sheet>
  )
}
