import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Check, ExternalLink, ListTodo } from 'lucide-react'
import { Proposals } from './proposals.tsx'
import { Page } from '../../shell/page.tsx'
import { api } from '../../server/client.ts'
import { tasksQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'

const route = getRouteApi('/tasks')

/** What only a person can do, because a vendor's API cannot. */
export function TasksScreen() {
  const { state = 'open' } = route.useSearch()
  const navigate = useNavigate({ from: '/tasks' })
  const tasks = useQuery(tasksQuery(state))
  const close = useAct({ run: (task: string) => api.tasks.close({ params: { task }, body: {} }), stales: ['tasks'] })
  return (
    <Page
      title="Tasks"
      lead="What only a person can do: tasks that flows open where a vendor offers no way for software, and drafts that agents propose."
      filters={
        <Segmented
          label="State"
          value={state}
          options={[
            { value: 'open', label: 'Open' },
            { value: 'closed', label: 'Closed' },
          ]}
          onChange={(next) =>
            void navigate({ search: (now) => ({ ...now, state: next === 'closed' ? 'closed' : undefined }), replace: true })
          }
        />
      }
    >
      {state === 'open' && <Proposals />}
      {close.isError && <ErrorState error={close.error} />}
      {tasks.isPending ? (
        <SkeletonRows label="Loading tasks" />
      ) : tasks.isError ? (
        <ErrorState error={tasks.error} onRetry={() => void tasks.refetch()} />
      ) : tasks.data.length === 0 ? (
        <EmptyState icon={ListTodo} title={state === 'open' ? 'Nothing waits for you' : 'No closed tasks'}>
          {state === 'open'
            ? 'When a flow meets something only a person can do, such as creating a Social Planner tag, it opens a task here and goes on once it is done.'
            : 'Tasks you close, and those flows close themselves, are kept here with the reason.'}
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {tasks.data.map((task) => (
            <li key={task.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-4">
              <StatusBadge status={task.state} plain />
              <div className="min-w-0 flex-1 basis-80">
                <h2 className="font-medium">{task.title}</h2>
                <p className="mt-0.5 max-w-[72ch] text-dense whitespace-pre-line text-soft">{task.text}</p>
                <p className="mt-1 flex flex-wrap gap-x-3 text-caption text-soft">
                  <span>
                    Opened <Time at={task.openedAt} relative />
                  </span>
                  {task.openedByRun && (
                    <Link to="/runs/$runId" params={{ runId: task.openedByRun }} className="text-accent-text hover:underline">
                      by this run
                    </Link>
                  )}
                  {task.closedBecause && <span>Closed: {task.closedBecause}</span>}
                </p>
              </div>
              <div className="flex gap-2">
                {task.link && (
                  <a href={task.link} target="_blank" rel="noreferrer" className={buttonClass()}>
                    <ExternalLink aria-hidden className="size-4" strokeWidth={1.75} />
                    Open at the vendor
                  </a>
                )}
                {task.state === 'open' && (
                  <Button
                    needs="tasks.act"
                    data-list-item
                    icon={Check}
                    isBusy={close.isPending && close.variables === task.id}
                    onClick={() => close.mutate(task.id)}
                    aria-label={`Mark as done: ${task.title}`}
                  >
                    Mark as done
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
