import { allSteps, FlowDefinition, mappingText } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { MapPicture } from '../../builder/map/map-picture.tsx'
import { stepTitle } from '../../builder/model/step-words.ts'
import { useShapes } from '../../builder/model/use-shapes.ts'
import { templateQuery } from '../../server/queries.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'

/** What a template does before anybody uses it: its map, and where every field gets its value from. */
export function TemplateInside({ template }: { template: string }) {
  const found = useQuery(templateQuery(template))
  if (found.isPending) return <SkeletonRows rows={4} label="Loading the template" />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const definition = FlowDefinition.safeParse(found.data.definition)
  if (!definition.success) return <p className="text-dense text-soft">This template was made for another release of Couplet.</p>
  return <Inside definition={definition.data} />
}

function Inside({ definition }: { definition: FlowDefinition }) {
  const { lookup, isReady } = useShapes(definition)
  if (!isReady) return <SkeletonRows rows={4} label="Loading the template" />
  const mapped = [...allSteps(definition)].flatMap(({ step }) =>
    step.kind === 'action' && Object.keys(step.input).length > 0 ? [{ step, fields: Object.entries(step.input) }] : [],
  )
  return (
    <div className="grid gap-4 rounded-md bg-panel p-4">
      <MapPicture definition={definition} lookup={lookup} />
      <div className="min-w-0 border-t border-line pt-4">
        <h4 className="mb-2 text-dense font-medium">Mappings</h4>
        <ul className="grid gap-x-8 gap-y-3 lg:grid-cols-2">
          {mapped.map(({ step, fields }) => (
            <li key={step.id} className="text-dense">
              <p className="font-medium">{stepTitle(step, lookup)}</p>
              <dl className="mt-1 grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] gap-x-3 gap-y-0.5">
                {fields.map(([name, mapping]) => (
                  <div key={name} className="contents">
                    <dt className="text-soft">{name}</dt>
                    <dd className="font-mono text-caption/5 [overflow-wrap:anywhere]">{mappingText(mapping)}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
