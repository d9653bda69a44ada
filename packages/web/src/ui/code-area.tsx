import { lazy, Suspense } from 'react'
import { Skeleton } from './skeleton.tsx'

export type Suggestion = { label: string; detail?: string; info?: string; apply?: string; type?: string }

export type CodeAreaProps = {
  value: string
  onText: (text: string) => void
  label: string
  language?: 'json' | 'formula' | 'javascript'
  /** Offered while typing a name. */
  suggestions?: readonly Suggestion[]
  isSingleLine?: boolean
  minHeight?: number
}

const Editor = lazy(() => import('./code-editor.tsx').then(({ CodeEditor }) => ({ default: CodeEditor })))

/** Text that is code: JSON or a formula. The editor is loaded when the first one is shown. */
export function CodeArea(props: CodeAreaProps) {
  return (
    <Suspense fallback={<Skeleton className="h-8 w-full" />}>
      <Editor {...props} />
    </Suspense>
  )
}
