import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { COLUMN_TYPES, type TableColumn } from './columns.ts'

/** A title as a column name: letters, digits and capitals inside. */
const nameOf = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())

export function NewTable({ isOpen, onClose, onMade }: { isOpen: boolean; onClose: () => void; onMade: (name: string) => void }) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [columns, setColumns] = useState<readonly Pick<TableColumn, 'title' | 'type'>[]>([{ title: '', type: 'text' }])
  const filled = columns.filter(({ title }) => nameOf(title) !== '')
  const make = useAct({
    run: () =>
      api.tables.put({
        params: { table: name.trim() },
        body: {
          ...(description.trim() === '' ? {} : { description }),
          columns: filled.map(({ title, type }) => ({ name: nameOf(title), title: title.trim(), type })),
        },
      }),
    stales: ['tables'],
    onDone: () => {
      onClose()
      onMade(name.trim())
    },
  })
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="New table"
      footer={
        <Button
          variant="primary"
          isBusy={make.isPending}
          disabled={name.trim() === '' || filled.length === 0}
          onClick={() => make.mutate()}
        >
          Create table
        </Button>
      }
    >
      <div className="grid gap-4">
        <Field label="Name" isRequired hint="Flows name the table by this.">
          <TextInput value={name} onText={setName} placeholder="tag-flipbooks" autoFocus />
        </Field>
        <Field label="What it is for">
          <TextInput value={description} onText={setDescription} placeholder="Which flipbook belongs to which tag" />
        </Field>
        <fieldset className="grid gap-2">
          <legend className="mb-1 text-dense font-medium">Columns besides the key</legend>
          {columns.map((column, index) => (
            <div key={index} className="flex gap-2">
              <TextInput
                aria-label={`Title of column ${index + 1}`}
                value={column.title}
                onText={(title) => setColumns(columns.with(index, { ...column, title }))}
                placeholder="Flipbook id"
              />
              <Select
                label={`Type of column ${index + 1}`}
                className="w-36"
                value={column.type}
                options={COLUMN_TYPES}
                onChange={(type) => setColumns(columns.with(index, { ...column, type }))}
              />
              <IconButton
                icon={Trash2}
                label={`Remove column ${index + 1}`}
                disabled={columns.length === 1}
                onClick={() => setColumns(columns.toSpliced(index, 1))}
              />
            </div>
          ))}
          <Button
            size="sm"
            variant="quiet"
            icon={Plus}
            className="justify-self-start"
            onClick={() => setColumns([...columns, { title: '', type: 'text' }])}
          >
            Add column
          </Button>
        </fieldset>
        {make.isError && <ErrorState error={make.error} />}
      </div>
    </Dialog>
  )
}
