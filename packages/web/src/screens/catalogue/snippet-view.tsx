import type { RequestView } from '@couplet/api'
import { useState } from 'react'
import { CopyButton } from '../../ui/copy-text.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { curlOf, typescriptOf } from './snippets.ts'

/** The same call outside of Couplet, for those who write code. */
export function SnippetView({ request }: { request: RequestView }) {
  const [language, setLanguage] = useState<'curl' | 'typescript'>('curl')
  const text = language === 'curl' ? curlOf(request) : typescriptOf(request)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Segmented
        label="Language"
        value={language}
        options={[
          { value: 'curl', label: 'cURL' },
          { value: 'typescript', label: 'TypeScript' },
        ]}
        onChange={setLanguage}
      />
      <div className="relative rounded-md bg-panel">
        <div className="absolute top-1.5 right-1.5">
          <CopyButton text={text} label={`Copy as ${language === 'curl' ? 'cURL' : 'TypeScript'}`} />
        </div>
        <pre tabIndex={0} aria-label="Code" className="scroll-slim max-h-96 overflow-auto py-2.5 pr-12 pl-3 text-caption/5">
          {text}
        </pre>
      </div>
    </div>
  )
}
