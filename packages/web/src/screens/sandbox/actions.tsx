import { Play } from 'lucide-react'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { wordsOfName } from '../../schema/read-schema.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { runAction } from './control.ts'

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
              <span className="font-medium">{wordsOfName(action.name)}</span>
              <span className="block text-soft">{action.title}</span>
            </span>
            <Button size="sm" icon={Play} data-list-item aria-label={`Do: ${wordsOfName(action.name)}`} onClick={() => setOpen(action)}>
              Do it
            </Button>
          </li>
        ))}
      </ul>
      <ActionSheet key={open?.name ?? ''} vendor={vendor} action={open} onClose={() => setOpen(undefined)} />
    </>
  )
}

function ActionSheet({ vendor, action, onClose }: { vendor: string; action: Action | undefined; onClose: () => void }) {
  const [input, setInput] = useState<unknown>({})
  const act = useAct({ run: () => runAction(vendor, action?.name ?? '', input ?? {}), stales: ['sandbox', 'runs', 'flows', 'deliveries'] })
  return (
    <Sheet
      isOpen={action !== undefined}
      onClose={onClose}
      title={action ? wordsOfName(action.name) : ''}
      footer={
        <Button variant="primary" isBusy={act.isPending} onClick={() => act.mutate()}>
          Do it
        </Button>
      }
    >
      <div className="grid gap-4">
        <p className="text-dense text-soft">{action?.title}</p>
        <section>
          <h3 className="mb-1 text-dense font-medium">With</h3>
          <JsonField label="Input of the action" value={input} onChange={setInput} minHeight={120} />
          <p className="mt-1 text-caption text-soft">What is left out is chosen by the vendor; when something is needed, it says so.</p>
        </section>
        {act.isError && <ErrorState error={act.error} />}
        {act.isSuccess && (
          <section>
            <h3 className="mb-1 text-dense font-medium">Done</h3>
            <JsonView value={act.data} />
          </section>
        )}
      </div>
    </Sheet>
  )
}
