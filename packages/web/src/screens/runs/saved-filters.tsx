import { useNavigate, useSearch } from '@tanstack/react-router'
import { Bookmark, BookmarkPlus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Menu } from '../../ui/menu.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { readFilters, type SavedFilter, writeFilters } from './filter-store.ts'

/** Filters of the list that somebody wants again, kept in this browser. A filter is a link: it can also be bookmarked or sent. */
export function SavedFilters() {
  const { run: _run, ...search } = useSearch({ from: '/runs' })
  const navigate = useNavigate({ from: '/runs' })
  const [saved, setSaved] = useState<readonly SavedFilter[]>(readFilters)
  const [name, setName] = useState<string>()
  const keep = (next: readonly SavedFilter[]) => {
    writeFilters(next)
    setSaved(next)
  }
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const current = saved.find((filter) => JSON.stringify(filter.search) === JSON.stringify(search))
  const trimmed = name?.trim() ?? ''
  const isTaken = saved.some((filter) => filter.name === trimmed)
  return (
    <>
      <Menu
        trigger={<Button icon={Bookmark}>{current?.name ?? 'Saved filters'}</Button>}
        items={[
          ...saved.map((filter) => ({
            label: filter.name,
            icon: Bookmark,
            onSelect: () => void navigate({ search: filter.search }),
          })),
          ...(saved.length > 0 ? (['line'] as const) : []),
          {
            label: 'Save this filter',
            icon: BookmarkPlus,
            isDisabled: !isFiltered || current !== undefined,
            hint: isFiltered ? undefined : 'Choose a flow, a state or a text first',
            onSelect: () => setName(''),
          },
          ...(current
            ? [
                {
                  label: `Remove “${current.name}”`,
                  icon: Trash2,
                  isDangerous: true,
                  onSelect: () => keep(saved.filter((filter) => filter !== current)),
                },
              ]
            : []),
        ]}
      />
      <Dialog
        isOpen={name !== undefined}
        onClose={() => setName(undefined)}
        title="Save this filter"
        text="It is kept in this browser. To share it, send the address of the page."
        footer={
          <>
            <Button onClick={() => setName(undefined)}>Cancel</Button>
            <Button
              variant="primary"
              disabled={trimmed === '' || isTaken}
              onClick={() => {
                keep([...saved, { name: trimmed, search }])
                setName(undefined)
              }}
            >
              Save filter
            </Button>
          </>
        }
      >
        <Field label="Name" error={isTaken ? 'There is a filter with this name.' : undefined}>
          <TextInput value={name ?? ''} onText={setName} maxLength={60} placeholder="Failed at Heyzine" />
        </Field>
      </Dialog>
    </>
  )
}
