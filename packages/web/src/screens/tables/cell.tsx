import { useColumnChoices } from '../../schema/use-column-choices.ts'
import { cellText, type TableColumn } from './columns.ts'

/** A cell as people read it: names in place of the vendor's ids, where the column says which list they are from. */
export function Cell({ column, value }: { column: TableColumn; value: unknown }) {
  const { options } = useColumnChoices(column.list)
  const wordOf = (id: unknown): string => options.find((option) => option.value === id)?.label ?? cellText(id)
  const words = Array.isArray(value) ? value.map(wordOf).join(', ') : wordOf(value)
  return (
    <span className="block truncate" title={words === cellText(value) ? undefined : cellText(value)}>
      {words}
    </span>
  )
}
