import { Link } from '@tanstack/react-router'
import { Section } from '../../shell/page.tsx'
import { Time } from '../../ui/time.tsx'

const SHOWN = 5

export function OpenTasks({ tasks }: { tasks: readonly { id: string; title: string; openedAt: string }[] }) {
  if (tasks.length === 0) return null
  return (
    <Section
      title={`Open tasks (${tasks.length})`}
      aside={
        <Link to="/tasks" className="text-dense text-accent-text hover:underline">
          Show all
        </Link>
      }
    >
      <ul className="divide-y divide-line text-dense">
        {tasks.slice(0, SHOWN).map((task) => (
          <li key={task.id} className="flex justify-between gap-4 py-2 first:pt-0">
            <Link to="/tasks" className="min-w-0 truncate hover:underline">
              {task.title}
            </Link>
            <Time at={task.openedAt} relative className="text-caption text-soft" />
          </li>
        ))}
      </ul>
    </Section>
  )
}
