import { Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { ActionSheet } from './action-sheet.tsx'

type Action = { name: string; title: string }

/** What people do in the vendor's own app, webhooks among it. */
export function Actions({ vendor, actions }: { vendor: string; actions: readonly Action[] }) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<Action>()
  const shown = actions.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(search.toLowerCase()))
  return (
    <>
      <SearchBox label="Search actions" value={search} onText={setSearch} className="mb-2" />
      <ul className="divide-y divide-line">
        {shown.map((action) => (
          <li key={action.name} className="flex items-center gap-4 py-2 text-dense">
            <span className="min-w-0 flex-1">
              <span className="font-medium">{action.title}</span>
              <code className="block text-caption text-faint">{action.name}</code>
            </span>
            <Button
              needs="sandbox.use"
              size="sm"
              icon={Play}
              data-list-item
              aria-label={`Do it: ${action.title}`}
              onClick={() => setOpen(action)}
            >
              Do it
            </Button>
          </li>
        ))}
      </ul>
      {open && <ActionSheet vendor={vendor} action={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
