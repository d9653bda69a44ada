import { X } from 'lucide-react'
import { useColumnChoices } from '../../schema/use-column-choices.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { cellText, cellValue, type TableColumn } from './columns.ts'

/** A cell whose values come from a vendor's list: chosen by name, kept as ids. */
export function CellChoice({ column, text, onText }: { column: TableColumn; text: string; onText: (text: string) => void }) {
  const { options, status } = useColumnChoices(column.list)
  if (column.type !== 'list')
    return (
      <Combobox
        label={column.title}
        value={text === '' ? undefined : text}
        options={options}
        onChange={(value) => onText(value ?? '')}
        status={status}
        placeholder="Choose, or type to search"
      />
    )
  const value = cellValue(column, text)
  const chosen = Array.isArray(value) ? value.map(String) : []
  const set = (next: readonly string[]) => onText(cellText(next))
  return (
    <div className="grid gap-1.5">
      {chosen.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {chosen.map((id) => {
            const word = options.find((option) => option.value === id)?.label ?? id
            return (
              <li key={id} className="inline-flex items-center rounded-sm bg-well pl-2 text-dense">
                {word}
                <IconButton size="sm" icon={X} label={`Take ${word} out`} onClick={() => set(chosen.filter((other) => other !== id))} />
              </li>
            )
          })}
        </ul>
      )}
      <Combobox
        key={chosen.length}
        label={`Add to ${column.title}`}
        value={undefined}
        options={options.filter((option) => !chosen.includes(option.value))}
        onChange={(id) => id !== undefined && set([...chosen, id])}
        status={status}
        placeholder="Add by name"
      />
    </div>
  )
}
