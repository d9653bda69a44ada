import type { ExchangeView as Exchange } from '@couplet/api'
import { JsonView } from '../../ui/json-view.tsx'
import { Note } from '../../ui/note.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { durationWords } from '../../words/times.ts'
import { ExchangeView } from '../run/exchange.tsx'
import { useState } from 'react'

type Tried = {
  output?: unknown
  fault?: { message: string; hint?: string | undefined; traceId?: string | undefined } | undefined
  exchanges: readonly Exchange[]
  tookMs: number
}

/** What came of a try: the output a step would hand on, and every call as it went out. */
export function TryResult({ tried }: { tried: Tried }) {
  const [tab, setTab] = useState('output')
  return (
    <section aria-label="Result" className="grid grid-cols-[minmax(0,1fr)] gap-3" role="status">
      {tried.fault ? (
        <Note tone="failed">
          <p className="font-medium">{tried.fault.message}</p>
          {tried.fault.hint && <p>{tried.fault.hint}</p>}
        </Note>
      ) : (
        <Note tone="done">
          It worked, in {durationWords(tried.tookMs)}
          {tried.exchanges.length > 1 && ` and ${tried.exchanges.length} calls`}.
        </Note>
      )}
      <Tabs
        label="Result"
        value={tried.fault ? 'calls' : tab}
        onChange={setTab}
        tabs={[
          ...(tried.fault ? [] : [{ value: 'output', label: 'Output', panel: <JsonView value={tried.output} label="Copy the output" /> }]),
          {
            value: 'calls',
            label: 'Calls to the vendor',
            count: tried.exchanges.length,
            panel:
              tried.exchanges.length === 0 ? (
                <p className="text-dense text-soft">No call left Couplet.</p>
              ) : (
                <div className="grid gap-6">
                  {tried.exchanges.map((exchange, index) => (
                    <ExchangeView key={index} exchange={exchange} />
                  ))}
                </div>
              ),
          },
        ]}
      />
    </section>
  )
}
