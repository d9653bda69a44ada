import type { RunDetail, StepView } from '@couplet/api'
import { Term } from '../../glossary/term.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Note } from '../../ui/note.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { durationWords, exactTime, shortTime } from '../../words/times.ts'
import { EFFECT_WORDS } from '../../words/effects.ts'
import { ExchangeView } from './exchange.tsx'

/** One step: what went in, what came out, what was said to the vendor, what a repeat would do. */
export function StepDetail({
  run,
  step,
  tab,
  onTab,
}: {
  run: RunDetail
  step: StepView
  tab: string | undefined
  onTab: (tab: string) => void
}) {
  const exchanges = step.attempts.flatMap((attempt) => attempt.exchanges)
  const log = step.attempts.flatMap((attempt) => attempt.log)
  const tabs = [
    { value: 'output', label: 'Output', panel: <Output step={step} /> },
    { value: 'input', label: 'Input', panel: <JsonView value={step.input} /> },
    ...(exchanges.length > 0
      ? [
          {
            value: 'http',
            label: 'HTTP exchange',
            count: exchanges.length,
            panel: (
              <div className="grid gap-6">
                {exchanges.map((exchange, index) => (
                  <ExchangeView key={index} exchange={exchange} />
                ))}
              </div>
            ),
          },
        ]
      : []),
    ...(step.attempts.length > 0 || step.waits.length > 0
      ? [{ value: 'attempts', label: 'Attempts and waits', count: step.attempts.length, panel: <Attempts step={step} /> }]
      : []),
    ...(step.effect ? [{ value: 'effect', label: 'Effect', panel: <EffectPanel step={step} /> }] : []),
    ...(log.length > 0 ? [{ value: 'log', label: 'Log', count: log.length, panel: <Log lines={log} /> }] : []),
  ]
  const shown =
    tabs.some(({ value }) => value === tab) && tab !== undefined
      ? tab
      : step.state === 'failed' && exchanges.length > 0
        ? 'http'
        : step.state === 'failed' && step.input !== undefined
          ? 'input'
          : 'output'
  return (
    <section aria-label={`Step ${step.title}`}>
      <header className="mb-3">
        <h2 className="text-lead font-semibold">{step.title}</h2>
        <p className="text-dense text-soft">
          {step.operation && <code className="mr-3 text-caption">{step.operation}</code>}
          {shortTime(step.startedAt)}
          {step.endedAt !== undefined && `, ${durationWords(Date.parse(step.endedAt) - Date.parse(step.startedAt))}`}
        </p>
      </header>
      {step.fault && (
        <div className="mb-4">
          {step.state === 'tolerated' ? (
            <Note tone="attention">{step.fault.message} The flow is set to go on after this.</Note>
          ) : run.state === 'parked' || step.fault.message === run.fault?.message ? null : (
            <ErrorState error={step.fault} />
          )}
        </div>
      )}
      <Tabs label="Parts of the step" value={shown} tabs={tabs} onChange={onTab} />
    </section>
  )
}

function Output({ step }: { step: StepView }) {
  if (step.output !== undefined) return <JsonView value={step.output} />
  if (step.taken !== undefined) return <p className="text-dense">Took the branch “{step.taken}”.</p>
  if (step.state === 'failed' || step.state === 'tolerated')
    return <p className="text-dense text-soft">The step failed, so it has no output.</p>
  if (step.state === 'done' || step.state === 'stopped')
    return <p className="text-dense text-soft">{step.note ?? 'This kind of step has no output.'}</p>
  return <p className="text-dense text-soft">The step has not ended, so there is no output yet.</p>
}

const RESULT_WORDS = {
  done: 'Worked',
  failed: 'Failed',
  tolerated: 'Failed, went on',
  again: 'To be tried again',
  parked: 'Parked',
} as const

function Attempts({ step }: { step: StepView }) {
  const events = [
    ...step.attempts.map((attempt, index) => ({
      at: attempt.at,
      title: `Attempt ${index + 1}: ${RESULT_WORDS[attempt.result]}`,
      text: attempt.fault?.message,
      aside: attempt.isSpent === false ? 'costs no attempt' : attempt.tookMs === undefined ? '' : durationWords(attempt.tookMs),
    })),
    ...step.waits.map((wait) => ({
      at: wait.from,
      title: wait.kind === 'question' ? 'Waited for a person' : wait.kind === 'call' ? 'Waited for a call' : 'Waited',
      text: `${wait.reason}${wait.endedBy ? `, ended by ${wait.endedBy}` : ''}`,
      aside: wait.endedAt
        ? durationWords(Date.parse(wait.endedAt) - Date.parse(wait.from))
        : wait.until
          ? `until ${shortTime(wait.until)}`
          : 'still',
    })),
  ].toSorted((left, right) => left.at.localeCompare(right.at))
  return (
    <>
      <p className="mb-3 text-caption text-soft">
        Waiting for a <Term id="quota">quota</Term> or for a person costs no <Term id="attempt">attempt</Term>.
      </p>
      <ol className="divide-y divide-line text-dense">
        {events.map((event, index) => (
          <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2 first:pt-0">
            <span>
              <span className="font-medium">{event.title}</span>
              {event.text && <span className="block text-soft">{event.text}</span>}
            </span>
            <span className="figures text-right text-caption text-soft">
              {event.aside}
              <span className="block" title={exactTime(event.at)}>
                {exactTime(event.at).slice(-8)}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

function EffectPanel({ step }: { step: StepView }) {
  const { effect } = step
  if (!effect) return null
  return (
    <div className="grid gap-4">
      <p className="max-w-[64ch] text-dense">
        <Term id="effect">If it is sent twice</Term>: {EFFECT_WORDS[effect.class] ?? effect.class}
      </p>
      <KeyValue
        rows={[
          ['Why', effect.because],
          ['Noted before sending', effect.intendedAt === undefined ? undefined : exactTime(effect.intendedAt)],
          ['Fingerprint', effect.fingerprint === undefined ? undefined : <code className="text-caption">{effect.fingerprint}</code>],
        ]}
      />
    </div>
  )
}

const Log = ({ lines }: { lines: readonly { at: string; message: string; fields?: Record<string, unknown> | undefined }[] }) => (
  <ol className="grid gap-1 font-mono text-caption">
    {lines.map((line, index) => (
      <li key={index} className="flex gap-3">
        <span className="figures shrink-0 text-faint">{exactTime(line.at).slice(-8)}</span>
        <span>
          {line.message} {line.fields && <span className="text-soft">{JSON.stringify(line.fields)}</span>}
        </span>
      </li>
    ))}
  </ol>
)
