import { isJsonObject, toFault } from '@couplet/core'
import { type ActionStep, resolveInput, type Scope } from '@couplet/flow'
import { useMemo, useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Note } from '../../ui/note.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { EFFECT_WORDS } from '../../words/effects.ts'
import { useData } from '../data-pane/use-data.ts'
import { useBuilder } from '../model/builder-context.ts'
import { useQuery } from '@tanstack/react-query'
import { operationQuery } from '../../server/queries.ts'

/** What the step would be given, worked out from samples, the last run, or typed data. */
export function TestTab({ step }: { step: ActionStep }) {
  const { lookup, samples, chooseSamples, hasRun } = useBuilder()
  const { scope } = useData()
  const [isTyped, setTyped] = useState(false)
  const [typed, setTypedData] = useState<unknown>()
  const operation = useQuery(operationQuery(step.operation, step.version))
  const shape = lookup(step.operation, step.version)
  const used = useMemo<Scope>(
    () => (isTyped && isJsonObject(typed) ? { ...scope, ...JSON.parse(JSON.stringify(typed)) } : scope),
    [isTyped, typed, scope],
  )
  const made = useMemo(() => {
    try {
      return { input: resolveInput(step.input, used, shape?.input) }
    } catch (thrown) {
      return { fault: toFault(thrown) }
    }
  }, [step.input, used, shape])
  const way = isTyped ? 'typed' : samples.source
  return (
    <div className="grid gap-5">
      <Segmented
        label="Data of the test"
        value={way}
        options={[
          { value: 'samples', label: 'Samples' },
          ...(hasRun ? [{ value: 'last-run' as const, label: 'Last run' }] : []),
          { value: 'typed', label: 'Typed' },
        ]}
        onChange={(next) => {
          setTyped(next === 'typed')
          if (next !== 'typed') chooseSamples(next)
        }}
      />
      {isTyped && <JsonField label="Data of earlier steps" value={typed ?? scope} onChange={setTypedData} minHeight={160} />}
      <section>
        <h3 className="mb-1 text-dense font-medium">The step would be given</h3>
        {made.fault ? <ErrorState error={made.fault} /> : <JsonView value={made.input} openDepth={3} />}
      </section>
      <section>
        <h3 className="mb-1 text-dense font-medium">It would answer, for example</h3>
        <JsonView value={shape?.sample} openDepth={2} />
      </section>
      {operation.data && (
        <Note tone={operation.data.effect === 'never' ? 'attention' : 'info'}>
          {EFFECT_WORDS[operation.data.effect]} Nothing is sent from here: publish to the sandbox and run by hand to see the real answer.
        </Note>
      )}
    </div>
  )
}
