import type { ConnectionView, FlowSummary } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Section } from '../../shell/page.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { TemplateGallery } from '../flows/template-gallery.tsx'

/** From nothing to a live flow in four steps; each says what is done and what comes next. Gone once a flow is live. */
export function FirstSteps({ flows, connections }: { flows: readonly FlowSummary[]; connections: readonly ConnectionView[] }) {
  // The samples of the installation are there to be looked at; the first flow is one that somebody made.
  const flow = flows.filter(({ isSample }) => !isSample).toSorted((left, right) => right.updatedAt.localeCompare(left.updatedAt))[0]
  const isGreen = flow !== undefined && flow.counts.done > 0
  const hasLive = connections.some(({ environment }) => environment === 'live')
  const doneUpTo = !flow ? 0 : flow.version === null ? 1 : !isGreen ? 2 : !hasLive ? 3 : 4
  return (
    <Section
      title="Your first flow"
      aside={<span className="text-dense text-soft">The sandbox is running: try everything, nothing real is touched.</span>}
    >
      <ol className="mb-6">
        <Step number={1} at={doneUpTo} title="Choose a template">
          Its connections are the sandbox's and its fields are mapped already.
        </Step>
        <Step
          number={2}
          at={doneUpTo}
          title="Try it and publish it"
          action={
            flow && (
              <Link to="/flows/$flowId/edit" params={{ flowId: flow.id }} className={buttonClass({ variant: 'primary', size: 'sm' })}>
                Open {flow.name}
              </Link>
            )
          }
        >
          Look at the mapped values with their samples, test it, see what changed at the vendor, publish version 1.
        </Step>
        <Step
          number={3}
          at={doneUpTo}
          title="Run it"
          action={
            flow && (
              <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={buttonClass({ variant: 'primary', size: 'sm' })}>
                Run {flow.name}
              </Link>
            )
          }
        >
          Run it by hand, or fire a webhook in the sandbox; the run shows every value and every call.
        </Step>
        <Step
          number={4}
          at={doneUpTo}
          title="Connect your own accounts"
          action={
            <Link to="/connections" search={{ add: 'choose' }} className={buttonClass({ variant: 'primary', size: 'sm' })}>
              Add a connection
            </Link>
          }
        >
          Then switch the flow to live and publish again.
        </Step>
      </ol>
      {doneUpTo === 0 && <TemplateGallery limit={3} />}
    </Section>
  )
}

function Step({
  number,
  at,
  title,
  action,
  children,
}: {
  number: number
  at: number
  title: string
  action?: ReactNode
  children: ReactNode
}) {
  const isDone = number <= at
  const isNext = number === at + 1
  return (
    <li aria-current={isNext ? 'step' : undefined} className="grid grid-cols-[24px_minmax(0,1fr)_auto] items-start gap-x-3 py-2 text-dense">
      <span
        className={cx(
          'figures flex size-6 items-center justify-center rounded-full text-caption font-semibold',
          isDone ? 'bg-done-soft text-done' : isNext ? 'bg-accent text-accent-on' : 'bg-well text-soft',
        )}
      >
        {isDone ? <Check role="img" aria-label="Done" className="size-3.5" strokeWidth={2.5} /> : number}
      </span>
      <div>
        <p className={cx('font-medium', !isNext && 'text-soft')}>{title}</p>
        {isNext && <p className="text-soft">{children}</p>}
      </div>
      {isNext && action}
    </li>
  )
}
