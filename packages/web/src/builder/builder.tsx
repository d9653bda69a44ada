import type { FlowDetail } from '@couplet/api'
import { allSteps, checkFlow, type FlowDefinition, type Problem, scopesOf, stepNumbers, typeOfMapping, withTables } from '@couplet/flow'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, memo, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { tablesQuery } from '../server/queries.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { BuilderProps } from './builder-screen.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { BuilderHeader } from './builder-header.tsx'
import { BuilderKeys } from './builder-keys.tsx'
import { ConflictStrip } from './conflict-strip.tsx'
import { ReadOnlyStrip } from './read-only-strip.tsx'
import { TemplateStrip } from './template-strip.tsx'
import { DataPane } from './data-pane/data-pane.tsx'
import { BuilderContext } from './model/builder-context.ts'
import { createBuilderStore } from './model/store.ts'
import { useAutosave } from './model/use-autosave.ts'
import { useStepData } from './data-pane/use-data.ts'
import { useShapes } from './model/use-shapes.ts'
import { useOverlay } from './model/use-overlay.ts'
import { useTestData } from './model/use-test-data.ts'
import { Outline } from './outline/outline.tsx'
import { StepPanel } from './panel/step-panel.tsx'

const FlowMap = lazy(() => import('./map/flow-map.tsx').then(({ FlowMap }) => ({ default: FlowMap })))
const route = getRouteApi('/flows/$flowId/edit')

/* Each reads from the store what it shows; none is drawn again because the whole is. */
const [OutlinePart, StepPart, DataPart, FootPart] = [memo(Outline), memo(StepPanel), memo(DataPane), memo(BottomBar)]

/**
 * What only the server can know: whether accounts stand behind the slots, and what they may. As of the last save; told at the first
 * step that uses the slot.
 */
function serverProblems(flow: FlowDetail, definition: FlowDefinition): Problem[] {
  const about = flow.problems.filter(({ path }) => path[0] === 'slots' && Object.hasOwn(definition.slots, String(path[1])))
  return about.map(({ severity, code, path, place, message, hint }) => {
    const user =
      definition.trigger.connection === path[1]
        ? undefined
        : [...allSteps(definition)].find(({ step }) => step.kind === 'action' && step.connection === path[1])
    return { severity, code, path, place, message, ...(hint === undefined ? {} : { hint }), ...(user ? { stepId: user.step.id } : {}) }
  })
}

/** Outline, step and data beside each other; the map takes the place of step and data. On narrow screens one at a time. */
export function Builder({ flow, definition: initial }: BuilderProps) {
  const { step, view, run } = route.useSearch()
  const navigate = useNavigate({ from: '/flows/$flowId/edit' })
  const [store] = useState(() =>
    createBuilderStore({ definition: initial, revision: flow.draftRevision, selected: step ?? 'trigger', at: Date.parse(flow.updatedAt) }),
  )
  useAutosave(flow.id, store)
  const definition = useStore(store, (state) => state.definition)
  const selected = useStore(store, (state) => state.selected)
  const { lookup: bare, isReady, error } = useShapes(definition)
  const tables = useQuery(tablesQuery)
  const lookup = useMemo(() => withTables(bare, tables.data ?? []), [bare, tables.data])
  const data = useTestData(flow)
  const [overlay, setOverlay] = useOverlay(run)

  // Typing must not wait for the checks of a long flow.
  const checked = useDeferredValue(definition)
  const scopes = useMemo(
    () => scopesOf(checked, lookup, (mapping, scope) => typeOfMapping(mapping, { definition: checked, scope })),
    [checked, lookup],
  )
  const problems = useMemo(
    () => (isReady ? [...checkFlow(checked, lookup), ...serverProblems(flow, checked)] : []),
    [checked, lookup, isReady, flow],
  )
  const numbers = useMemo(() => stepNumbers(checked), [checked])
  const stepData = useStepData({ flow, definition: checked, lookup, scopes, numbers, values: data.values, selected })
  // All of this follows a little later than what is typed, so that a letter draws only the field it is typed into.
  const world = useMemo(
    () => ({ store, flow, lookup, isReady, scopes, problems, numbers, data, stepData, overlay, setOverlay }),
    [store, flow, lookup, isReady, scopes, problems, numbers, data, stepData, overlay, setOverlay],
  )

  const address = useRef(step)
  address.current = step
  useEffect(() => {
    const wanted = selected === 'trigger' ? undefined : selected
    if (wanted !== address.current) void navigate({ search: (search) => ({ ...search, step: wanted }), replace: true })
  }, [selected, navigate])
  useEffect(() => {
    if (step !== undefined && step !== store.getState().selected) store.select(step)
    // The address moves the selection when it is changed by a link, not by the selection itself.
  }, [step, store])
  useEffect(() => {
    document.title = `${definition.name} · Builder · Couplet`
  }, [definition.name])

  return (
    <BuilderContext value={world}>
      <BuilderKeys />
      <div data-whole-window className="flex h-dvh flex-col max-md:h-[calc(100dvh-57px)]">
        <BuilderHeader view={view} />
        <ReadOnlyStrip />
        <ConflictStrip />
        <TemplateStrip />
        {error !== undefined && (
          <div className="px-4 py-2">
            <ErrorState error={error} title="An operation of this flow could not be loaded" />
          </div>
        )}
        <div className="grid min-h-0 flex-1 md:grid-cols-[280px_minmax(0,1fr)] lg:grid-cols-[300px_minmax(0,1fr)_320px] max-md:overflow-y-auto">
          <OutlinePart isMapOpen={view === 'map'} />
          {view === 'map' ? (
            <div className="min-h-96 min-w-0 border-l border-line lg:col-span-2">
              <Suspense fallback={<Skeleton className="m-6 h-64" />}>
                <FlowMap />
              </Suspense>
            </div>
          ) : (
            <>
              <StepPart />
              <div className="min-h-0 border-l border-line max-lg:hidden">
                <DataPart />
              </div>
            </>
          )}
        </div>
        <FootPart />
      </div>
    </BuilderContext>
  )
}
