import type { ImportView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Section } from '../../shell/page.tsx'
import { api } from '../../server/client.ts'
import { importsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { ReviewTable } from './review-table.tsx'

/** Connectors that were imported, with what can be done about them. */
export function ImportedList() {
  const imports = useQuery(importsQuery)
  const [reviewed, setReviewed] = useState<ImportView>()
  if (imports.isPending || imports.isError || imports.data.length === 0) return null
  return (
    <Section title="Imported before">
      <ul className="divide-y divide-line border-y border-line">
        {imports.data.map((entry) => (
          <Entry key={entry.id} entry={entry} onReview={() => setReviewed(entry)} />
        ))}
      </ul>
      <Sheet isOpen={reviewed !== undefined} onClose={() => setReviewed(undefined)} width="lg" title={`Review ${reviewed?.title ?? ''}`}>
        {reviewed && <Review key={reviewed.id} id={reviewed.id} />}
      </Sheet>
    </Section>
  )
}

function Entry({ entry, onReview }: { entry: ImportView; onReview: () => void }) {
  const remove = useAct({
    run: () => api.imports.remove({ params: { import: entry.id } }),
    stales: ['catalogue', 'imports'],
  })
  const connector = entry.extends ?? entry.id
  return (
    <li className="grid gap-2 py-3 text-dense">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <VendorTile connector={connector} />
        <div className="min-w-0 grow">
          <Link to="/catalogue" search={{ connector }} className="font-medium hover:underline">
            {entry.title}
          </Link>
          <p className="text-caption text-soft">
            {plural(entry.operationCount, 'operation')} · {entry.source.name} {entry.source.version} · imported{' '}
            <Time at={entry.importedAt} relative />
          </p>
        </div>
        <Link to="/catalogue/import" search={{ onto: entry.id }} className={buttonClass({ size: 'sm' })}>
          Newer file
        </Link>
        <Button size="sm" onClick={onReview}>
          Review repeats
        </Button>
        <Button size="sm" variant="quiet" isBusy={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      </div>
      {remove.isError && <ErrorState error={remove.error} />}
    </li>
  )
}

/** What a person says of operations that are in use counts at once. */
function Review({ id }: { id: string }) {
  const detail = useQuery({ queryKey: ['imports', id], queryFn: ({ signal }) => api.imports.get({ params: { import: id }, signal }) })
  const say = useAct({
    run: (effects: Parameters<typeof api.imports.review>[0]['body']['effects']) =>
      api.imports.review({ params: { import: id }, body: { effects } }),
    stales: ['imports', 'catalogue'],
  })
  if (detail.isPending) return <SkeletonRows rows={8} label="Loading operations" />
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
  return (
    <>
      {say.isError && <ErrorState error={say.error} />}
      <ReviewTable rows={detail.data.operations} effects={{}} onEffect={(row, effect) => say.mutate({ [row.id]: effect })} />
    </>
  )
}
