import type { FlowDetail } from '@couplet/api'
import { Section } from '../../shell/page.tsx'
import { Note } from '../../ui/note.tsx'
import { plural } from '../../words/times.ts'
import { Bindings } from './bindings.tsx'
import { ProblemLinks } from './checks.tsx'
import { Triggers } from './triggers.tsx'
import { FlowRuns } from './flow-runs.tsx'

export function FlowOverview({ flow }: { flow: FlowDetail }) {
  const errors = flow.problems.filter(({ severity }) => severity === 'error')
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="min-w-0">
        {flow.stateFault && (
          <Note tone="failed" className="mb-6">
            <p className="font-medium">{flow.stateFault.message}</p>
            {flow.stateFault.hint && <p className="text-ink">{flow.stateFault.hint}</p>}
          </Note>
        )}
        {errors.length > 0 && (
          <Note tone="attention" className="mb-6">
            <p className="font-medium">The draft cannot be published yet: {plural(errors.length, 'problem')}.</p>
            <ProblemLinks flow={flow} problems={errors.slice(0, 5)} />
          </Note>
        )}
        <Section title={flow.triggers.length > 1 ? `Triggers (${flow.triggers.length})` : 'Trigger'}>
          <Triggers flow={flow} />
        </Section>
        <Section title="Last runs">
          <FlowRuns flowId={flow.id} limit={6} />
        </Section>
      </div>
      <div className="min-w-0">
        <Section title="Connections">
          <Bindings key={JSON.stringify([flow.bindings, flow.environment])} flow={flow} />
        </Section>
        {flow.description && (
          <Section title="About">
            <p className="max-w-[64ch] text-body whitespace-pre-line text-soft">{flow.description}</p>
          </Section>
        )}
      </div>
    </div>
  )
}
