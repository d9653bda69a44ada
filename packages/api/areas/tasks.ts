import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const TaskView = z.object({
  id: z.string(),
  key: z.string(),
  title: z.string(),
  text: z.string(),
  link: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  closedBecause: z.string().nullable(),
  openedByRun: z.string().nullable(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
})

export const tasks = {
  list: endpoint({
    id: 'tasks.list',
    method: 'GET',
    path: '/api/tasks',
    summary: 'What only a person can do, newest first',
    permission: 'runs.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: z.object({ state: z.enum(['open', 'closed']).optional() }),
    body: undefined,
    reply: z.object({ tasks: z.array(TaskView) }),
    errors: [],
  }),
  close: endpoint({
    id: 'tasks.close',
    method: 'POST',
    path: '/api/tasks/:task/close',
    summary: 'Closes an open task',
    permission: 'tasks.act',
    audit: 'task.closed',
    params: z.object({ task: z.string() }),
    query: NoQuery,
    body: z.strictObject({ because: z.string().trim().min(1).max(500).default('Done by hand.') }),
    reply: Done,
    errors: ['task.not_found'],
  }),
} as const
