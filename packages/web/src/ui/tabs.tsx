import { Tabs as BaseTabs } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Tab = { value: string; label: ReactNode; count?: number | undefined; panel: ReactNode }

/** Views of one thing. Panels are made when shown. */
export function Tabs({
  value,
  tabs,
  onChange,
  label,
  className,
  panelClass,
}: {
  value: string
  tabs: readonly Tab[]
  onChange: (value: string) => void
  label: string
  className?: string
  panelClass?: string
}) {
  return (
    <BaseTabs.Root value={value} onValueChange={(next) => onChange(String(next))} className={className}>
      <BaseTabs.List aria-label={label} className="no-print scroll-slim flex gap-5 overflow-x-auto border-b border-line" activateOnFocus>
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-dense font-medium whitespace-nowrap text-soft hover:text-ink data-[active]:border-accent data-[active]:text-ink focus-visible:outline-offset-[-2px]"
          >
            {tab.label}
            {tab.count !== undefined && <span className="figures rounded-full bg-well px-1.5 text-caption text-soft">{tab.count}</span>}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value} className={cx('pt-4', panelClass)}>
          {tab.panel}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  )
}
