import { getDocument, GlobalWorkerOptions } from 'pdfjs-dist'
import { useEffect, useRef, useState } from 'react'
import { ErrorState } from './error-state.tsx'
import { Skeleton } from './skeleton.tsx'

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href

/** Drawn this much finer than the page is wide, so that small figures stay sharp. */
const SCALE = 1.6

/**
 * The pages of a document, or the first `pagesMax` of them, drawn here: the page's policy allows no frames. Its text is read in the PDF itself,
 * which is tagged.
 */
export default function PdfPreview({ address, label, pagesMax = Infinity }: { address: string; label: string; pagesMax?: number }) {
  const [pages, setPages] = useState<number>()
  const shown = Math.min(pages ?? 0, pagesMax)
  const [error, setError] = useState<unknown>()
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const loading = getDocument({ url: address, disableFontFace: true, useWasm: false })
    const gone = new AbortController()
    const draw = async () => {
      const opened = await loading.promise
      if (gone.signal.aborted) return
      setPages(opened.numPages)
      setError(undefined)
      for (let number = 1; number <= Math.min(opened.numPages, pagesMax) && !gone.signal.aborted; number++) {
        const page = await opened.getPage(number)
        const canvas = host.current?.querySelectorAll('canvas')[number - 1]
        if (!canvas || gone.signal.aborted) return
        const viewport = page.getViewport({ scale: SCALE })
        canvas.width = viewport.width
        canvas.height = viewport.height
        await page.render({ canvas, viewport }).promise
      }
    }
    draw().catch((thrown: unknown) => {
      if (!gone.signal.aborted) setError(thrown)
    })
    return () => {
      gone.abort()
      void loading.destroy()
    }
  }, [address, pages, pagesMax])
  if (error !== undefined) return <ErrorState error={error} title="The document cannot be shown here." />
  return (
    <div
      ref={host}
      className="scroll-slim grid max-h-[80vh] gap-3 overflow-y-auto rounded-md bg-well p-3"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {pages === undefined ? (
        <Skeleton className="h-64" />
      ) : (
        Array.from({ length: shown }, (_page, at) => (
          <canvas key={at} role="img" aria-label={`Page ${at + 1} of ${pages}`} className="aspect-[1/1.414] w-full bg-white" />
        ))
      )}
    </div>
  )
}
