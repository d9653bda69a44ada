import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api } from '../../server/client.ts'
import { retentionQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { useRefusal } from '../../ui/allowed.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { Time } from '../../ui/time.tsx'
import { say } from '../../ui/toast.tsx'
import { Page, Section } from '../../shell/page.tsx'
import { figures, plural } from '../../words/times.ts'
import { BackToSettings } from './back-to-settings.tsx'

type Retention = Awaited<ReturnType<typeof api.system.retention>>
type Rule = keyof Retention['rules']

const DAYS_MAX = 3_650
const RUNS_MIN = 1_000
const RUNS_MAX = 1_000_000_000

const RULES: readonly { rule: Rule; label: string; hint: string; min: number; max: number }[] = [
  {
    rule: 'runsDays',
    label: 'Runs, days after they ended',
    hint: 'With each step and call. A deleted run can no longer be looked at or replayed.',
    min: 1,
    max: DAYS_MAX,
  },
  { rule: 'runsMax', label: 'Runs, at most', hint: 'Beyond this many, the oldest ended runs go earlier.', min: RUNS_MIN, max: RUNS_MAX },
  {
    rule: 'deliveriesDays',
    label: 'Webhooks as they came, days',
    hint: 'Needed to look up what a vendor really sent; runs keep their own data.',
    min: 1,
    max: DAYS_MAX,
  },
  {
    rule: 'deliveriesMax',
    label: 'Webhooks as they came, at most',
    hint: 'Beyond this many, the oldest go earlier. Those kept for a paused flow stay.',
    min: RUNS_MIN,
    max: RUNS_MAX,
  },
]

/** How long things are kept, and when old ones last went. */
export function RetentionScreen() {
  const retention = useQuery(retentionQuery)
  return (
    <Page
      title="Retention"
      lead="Couplet deletes what is older than this, for good, every hour and for all workspaces. Runs under way and parked ones stay, however old."
      back={<BackToSettings />}
    >
      {retention.isPending ? (
        <SkeletonRows label="Loading how long things are kept" rows={3} />
      ) : retention.isError ? (
        <ErrorState error={retention.error} onRetry={() => void retention.refetch()} />
      ) : (
        <div className="grid max-w-3xl gap-2">
          <Section title="How long things are kept">
            <RulesForm key={JSON.stringify(retention.data.rules)} {...retention.data} />
          </Section>
          <Section title="Last removal">
            <LastRemoval last={retention.data.last} />
          </Section>
          <Section title="Kept by other rules">
            <p className="max-w-[72ch] text-dense text-soft">
              Statistics, reports and published files stay until somebody deletes them. How long the audit log stays is set{' '}
              <Link to="/settings/audit" className="text-accent-text underline">
                on its own page
              </Link>
              .
            </p>
          </Section>
        </div>
      )}
    </Page>
  )
}

function RulesForm({ rules, isSetHere }: Retention) {
  const refusal = useRefusal('workspace.write')
  const [texts, setTexts] = useState({
    runsDays: String(rules.runsDays),
    runsMax: String(rules.runsMax),
    deliveriesDays: String(rules.deliveriesDays),
    deliveriesMax: String(rules.deliveriesMax),
  })
  const numbers = {
    runsDays: Number(texts.runsDays),
    runsMax: Number(texts.runsMax),
    deliveriesDays: Number(texts.deliveriesDays),
    deliveriesMax: Number(texts.deliveriesMax),
  }
  const save = useAct({
    run: () => api.system.setRetention({ body: numbers }),
    stales: ['retention'],
    onDone: () => say('Retention saved'),
  })
  const why = refusal ?? (isSetHere ? undefined : 'It is set from the first workspace of this installation.')
  if (why !== undefined)
    return (
      <p className="text-dense">
        Ended runs {plural(rules.runsDays, 'day')}, at most {figures(rules.runsMax)}; webhooks {plural(rules.deliveriesDays, 'day')}, at
        most {figures(rules.deliveriesMax)}. <span className="text-soft">{why}</span>
      </p>
    )
  const errorOf = ({ rule, min, max }: (typeof RULES)[number]): string | undefined =>
    /^\d+$/.test(texts[rule].trim()) && numbers[rule] >= min && numbers[rule] <= max
      ? undefined
      : `Write a number from ${figures(min)} to ${figures(max)}.`
  const isRight = RULES.every((entry) => errorOf(entry) === undefined)
  const isChanged = RULES.some(({ rule }) => numbers[rule] !== rules[rule])
  const isShorter = isRight && RULES.some(({ rule }) => numbers[rule] < rules[rule])
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight && isChanged) save.mutate()
      }}
    >
      {RULES.map((entry) => (
        <Field key={entry.rule} label={entry.label} hint={entry.hint} error={errorOf(entry)}>
          <TextInput
            value={texts[entry.rule]}
            onText={(text) => setTexts({ ...texts, [entry.rule]: text })}
            inputMode="numeric"
            className="w-40"
          />
        </Field>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" isBusy={save.isPending} disabled={!isRight || !isChanged}>
          Save
        </Button>
        {isShorter && <Shorter>What is older goes with the next removal, within the hour, and cannot be brought back.</Shorter>}
      </div>
      {save.isError && <ErrorState error={save.error} />}
    </form>
  )
}

const Shorter = ({ children }: { children: ReactNode }) => (
  <p role="status" className="text-caption text-soft">
    {children}
  </p>
)

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  runs: ['run', 'runs'],
  deliveries: ['webhook', 'webhooks'],
  incidents: ['incident', 'incidents'],
  audit: ['audit event', 'audit events'],
}

function LastRemoval({ last }: Pick<Retention, 'last'>) {
  if (last === undefined) return <p className="text-dense text-soft">Not yet: it happens within minutes of a worker’s start.</p>
  const gone = Object.entries(KINDS).flatMap(([kind, [one, more]]) => {
    const count = last.removed[kind] ?? 0
    return count === 0 ? [] : [plural(count, one, more)]
  })
  return (
    <p className="text-dense">
      <Time at={last.at} relative />: {gone.length === 0 ? 'nothing was past its time.' : `${gone.join(', ')} deleted.`}
    </p>
  )
}
