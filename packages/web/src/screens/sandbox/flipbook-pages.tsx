import { lazy, Suspense, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { controlAddress } from './control.ts'

const PdfPreview = lazy(() => import('../../ui/pdf-preview.tsx'))

/** The document behind a flipbook: its first page small, all of them when asked. */
export function FlipbookPages({ vendor, id, title, pages }: { vendor: string; id: string; title: string; pages: number }) {
  const [isAll, setAll] = useState(false)
  return (
    <section aria-label="Pages" className="mb-4 grid justify-items-start gap-2">
      <div className={cx('w-full', !isAll && 'max-w-40')}>
        <Suspense fallback={<Skeleton className="h-56" />}>
          <PdfPreview
            address={controlAddress(vendor, `/documents/${id}`)}
            label={`Pages of ${title}`}
            {...(isAll ? {} : { pagesMax: 1 })}
          />
        </Suspense>
      </div>
      {pages > 1 && (
        <Button size="sm" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show the first page only' : `Show all ${pages} pages`}
        </Button>
      )}
    </section>
  )
}
