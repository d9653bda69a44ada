import { useState } from 'react'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { plural } from '../../words/times.ts'
import { addFault, clearFaults, type SandboxFault } from './control.ts'

const PRESETS: readonly { title: string; text: string; fault: SandboxFault }[] = [
  {
    title: 'Too many requests',
    text: 'Answers 429: flows wait for the quota, no attempt is spent.',
    fault: { kind: 'status', status: 429 },
  },
  { title: 'Vendor down', text: 'Answers 503: flows try again later.', fault: { kind: 'status', status: 503 } },
  {
    title: 'Request refused',
    text: 'Answers 422: the step fails at once, a person mends and replays.',
    fault: { kind: 'status', status: 422 },
  },
  { title: 'Token revoked', text: 'Answers 401: the connection needs attention, runs are parked.', fault: { kind: 'status', status: 401 } },
  {
    title: 'Works, then fails',
    text: 'Does the work and answers 500: the outcome is unknown.',
    fault: { kind: 'status-after', status: 500 },
  },
  {
    title: 'Works, then silence',
    text: 'Does the work and cuts the line: nobody knows whether it arrived.',
    fault: { kind: 'timeout-after', delayMs: 2_000 },
  },
  { title: 'Slow', text: 'Answers after 5 seconds.', fault: { kind: 'slow', delayMs: 5_000 } },
  { title: 'Line cut in the middle', text: 'Cuts the connection inside the answer.', fault: { kind: 'reset' } },
]

/** What goes wrong with the next requests. */
export function Faults({ vendor, faults }: { vendor: string; faults: readonly SandboxFault[] }) {
  const [times, setTimes] = useState('1')
  const [path, setPath] = useState('')
  const add = useAct({
    run: (fault: SandboxFault) =>
      addFault(vendor, {
        ...fault,
        ...(path.trim() === '' ? {} : { path: path.trim() }),
        ...(/^[1-9]\d*$/.test(times) ? { times: Number(times) } : {}),
      }),
    stales: ['sandbox'],
  })
  const clear = useAct({ run: () => clearFaults(vendor), stales: ['sandbox'] })
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div>
        <div className="mb-4 grid grid-cols-[minmax(0,1fr)_120px] gap-3">
          <Field label="Only requests to" hint="Beginning of the path, * for anything. Empty: all.">
            <TextInput isCode value={path} onText={setPath} placeholder="/social-media-posting" />
          </Field>
          <Field label="How often" hint="Empty: until removed">
            <TextInput inputMode="numeric" value={times} onText={setTimes} />
          </Field>
        </div>
        <ul className="divide-y divide-line">
          {PRESETS.map((preset) => (
            <li key={preset.title} className="flex items-center gap-4 py-2 text-dense">
              <span className="min-w-0 flex-1">
                <span className="font-medium">{preset.title}</span>
                <span className="block text-soft">{preset.text}</span>
              </span>
              <Button
                needs="sandbox.use"
                size="sm"
                disabled={add.isPending}
                onClick={() => add.mutate(preset.fault)}
                aria-label={`Set fault: ${preset.title}`}
              >
                Set
              </Button>
            </li>
          ))}
        </ul>
        {add.isError && <ErrorState error={add.error} />}
      </div>
      <section>
        <h2 className="mb-2 text-lead font-semibold">Waiting to happen</h2>
        {faults.length === 0 ? (
          <p className="text-dense text-soft">None: the vendor works as it should.</p>
        ) : (
          <>
            <ul className="mb-3 grid gap-2 text-dense">
              {faults.map((fault, index) => (
                <li key={index}>
                  <code className="text-caption">
                    {fault.kind} {fault.status}
                  </code>{' '}
                  <span className="text-soft">
                    {fault.path ?? 'all requests'}, {fault.times === undefined ? 'until removed' : plural(fault.times, 'more time')}
                  </span>
                </li>
              ))}
            </ul>
            <Button needs="sandbox.use" size="sm" isBusy={clear.isPending} onClick={() => clear.mutate()}>
              Remove all faults
            </Button>
          </>
        )}
      </section>
    </div>
  )
}
