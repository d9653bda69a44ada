import type { StepTest } from '@couplet/api'
import { CircleCheck, CircleX, Pin } from 'lucide-react'
import { ExchangeView } from '../../screens/run/exchange.tsx'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { durationWords, plural } from '../../words/times.ts'

/** What a try gave: the result first, then each call that was made. */
export function StepResult({ result, onPin }: { result: StepTest; onPin: (() => void) | undefined }) {
  const { fault, output, exchanges, log, tookMs, connection } = result
  const Icon = fault ? CircleX : CircleCheck
  return (
    <section aria-label="Result of the test" className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense">
        <p role="status" className="flex min-w-0 flex-1 basis-48 items-center gap-2">
          <Icon aria-hidden className={`size-4 shrink-0 ${fault ? 'text-failed' : 'text-done'}`} />
          <span>
            <span className="font-medium">{fault ? 'It did not work' : 'Done'}</span>{' '}
            <span className="text-soft">
              in {durationWords(tookMs)}
              {connection && `, ${connection.name} (${connection.environment})`}
            </span>
          </span>
        </p>
        {onPin && (
          <Button size="sm" icon={Pin} onClick={onPin}>
            Pin this result
          </Button>
        )}
      </div>
      {fault ? <ErrorState error={fault} /> : <JsonView value={output} openDepth={2} />}
      {exchanges.length > 0 && (
        <Disclosure title={`Request and answer (${plural(exchanges.length, 'call')})`} isOpenAtFirst={fault !== undefined}>
          <div className="grid gap-6">
            {exchanges.map((exchange, index) => (
              <ExchangeView key={index} exchange={exchange} />
            ))}
          </div>
        </Disclosure>
      )}
      {log.length > 0 && (
        <Disclosure title={`Log (${log.length})`}>
          <ul className="grid gap-1 text-caption">
            {log.map((line, index) => (
              <li key={index}>{line.message}</li>
            ))}
          </ul>
        </Disclosure>
      )}
    </section>
  )
}
