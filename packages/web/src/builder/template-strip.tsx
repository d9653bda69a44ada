import { allSteps } from '@couplet/flow'
import { Button } from '../ui/button.tsx'
import { useBuilder, useDefinition } from './model/builder-context.ts'

/** The way on from a template to a first published version, until there is one: look, test, publish. */
export function TemplateStrip() {
  const { store, flow, lookup } = useBuilder()
  const definition = useDefinition()
  if (flow.template === null || flow.version !== null) return null
  const write = [...allSteps(definition)].find(
    ({ step }) => step.kind === 'action' && step.connection !== undefined && lookup(step.operation, step.version)?.effect === 'write',
  )
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-accent-soft px-4 py-2 text-dense">
      <p className="min-w-0 flex-1 basis-64">
        {flow.environment === 'sandbox'
          ? 'This draft is ready to try: its accounts are the sandbox’s and its fields are mapped. Look at the values, make a test run, then publish.'
          : 'The fields of this draft are mapped. Look at the values, make a test run, then publish.'}
      </p>
      {write && (
        <Button
          size="sm"
          onClick={() => {
            store.select(write.step.id)
            store.showTab('map')
          }}
        >
          See the mapped values
        </Button>
      )}
    </div>
  )
}
