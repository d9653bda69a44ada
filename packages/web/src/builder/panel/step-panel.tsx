import { findStep } from '@couplet/flow'
import { ChevronLeft } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { cx } from '../../ui/cx.ts'
import { Tabs } from '../../ui/tabs.tsx'
import { VendorTile } from '../../ui/vendor-tile.tsx'
import { useBuilder, useBuilderState, useDefinition } from '../model/builder-context.ts'
import { stepMark, stepTitle, triggerTitle } from '../model/step-words.ts'
import { focusOutline } from '../outline/focus-outline.ts'
import { AdvancedTab } from './advanced-tab.tsx'
import { FlowSettings } from './flow-settings.tsx'
import { MapTab } from './map-tab.tsx'
import { SetupTab } from './setup-tab.tsx'
import { TestTab } from './test-tab.tsx'
import { TriggerConditions } from './trigger-conditions.tsx'
import { TriggerSetup } from './trigger-setup.tsx'
import { TriggerTest } from './trigger-test.tsx'

/** Escape leads back to the list of steps: from there letters mean actions again. What is open at a field closes first. */
function backToOutline(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget } = event
  if (event.key !== 'Escape' || event.defaultPrevented || !(target instanceof HTMLElement)) return
  if (!currentTarget.contains(target) || target.getAttribute('aria-expanded') === 'true') return
  focusOutline()
}

/** The selected thing: Setup says what it is, Map where its data comes from, Test what would be sent, Advanced the rest. */
export function StepPanel() {
  const { store, lookup, numbers, problems } = useBuilder()
  const isStepOpen = useBuilderState((state) => state.isStepOpen)
  const definition = useDefinition()
  const selected = useBuilderState((state) => state.selected)
  const tab = useBuilderState((state) => state.tab)
  const found = findStep(definition, selected)
  const title = selected === 'flow' ? definition.name : found ? stepTitle(found.step, lookup) : triggerTitle(definition, lookup)
  const mark = found
    ? stepMark(found.step)
    : selected === 'flow'
      ? undefined
      : { connector: definition.trigger.operation.split('.')[0] ?? '' }
  const count = problems.filter((problem) => (problem.stepId ?? 'trigger') === selected).length
  const tabs =
    selected === 'flow'
      ? [{ value: 'setup', label: 'Settings', panel: <FlowSettings /> }]
      : found
        ? [
            { value: 'setup', label: 'Setup', panel: <SetupTab key={selected} step={found.step} /> },
            ...(found.step.kind === 'stop' && !found.step.reason
              ? []
              : [{ value: 'map', label: 'Map', count: count > 0 ? count : undefined, panel: <MapTab key={selected} step={found.step} /> }]),
            ...(found.step.kind === 'action'
              ? [{ value: 'test', label: 'Test', panel: <TestTab key={selected} step={found.step} /> }]
              : []),
            ...(found.step.kind === 'action' || found.step.kind === 'for-each'
              ? [{ value: 'advanced', label: 'Advanced', panel: <AdvancedTab key={selected} step={found.step} /> }]
              : []),
          ]
        : [
            { value: 'setup', label: 'Setup', panel: <TriggerSetup /> },
            { value: 'map', label: 'Conditions', panel: <TriggerConditions /> },
            { value: 'test', label: 'Test', panel: <TriggerTest /> },
          ]
  const wanted = selected === 'trigger' && tab === 'map' ? 'setup' : tab
  const shown = tabs.some(({ value }) => value === wanted) ? wanted : (tabs[0]?.value ?? 'setup')
  return (
    <section
      id="step-panel"
      aria-label={`Step ${title}`}
      onKeyDown={backToOutline}
      className={cx('scroll-slim min-h-0 min-w-0 border-line md:overflow-y-auto md:border-l', !isStepOpen && 'max-md:hidden')}
    >
      <div className="mx-auto max-w-3xl px-5 py-4 max-md:px-4">
        <button
          type="button"
          onClick={() => store.showOutline()}
          className="mb-3 flex h-9 items-center gap-1 text-dense text-accent-text md:hidden"
        >
          <ChevronLeft aria-hidden className="size-4" /> All steps
        </button>
        <h2 className="mb-2 flex items-center gap-2 text-lead font-semibold">
          {mark && 'connector' in mark && <VendorTile connector={mark.connector} isNamed />}
          {mark && 'icon' in mark && <mark.icon aria-hidden className="size-4 text-icon" />}
          {found && <span className="figures font-normal text-soft">{numbers.get(selected)}</span>}
          <span className="min-w-0 truncate">{title}</span>
        </h2>
        <Tabs label="Parts of the step" value={shown} tabs={tabs} onChange={(next) => store.showTab(next)} />
      </div>
    </section>
  )
}
