import { z } from 'zod'
import { builtin } from '../connector.ts'
import { defined } from '../defined.ts'

export const TaskKey = z
  .string()
  .min(1)
  .max(300)
  .meta({ title: 'Key', description: 'The same key is the same task: it is opened once.', placeholder: 'create-tag:spring-launch' })

export const taskOpen = builtin.action({
  id: 'builtin.task.open',
  version: 1,
  title: 'Open a task for a person',
  summary:
    'Asks a person to do what no API can, such as creating a Social Planner tag by hand. A task with the same key that is still open is found, not doubled.',
  phrase: 'open a task for a person',
  group: 'People',
  scopes: [],
  input: z.object({
    key: TaskKey,
    title: z.string().min(1).max(200).meta({ title: 'Title' }),
    text: z.string().max(5_000).default('').meta({ title: 'What to do', multiline: true }),
    link: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({ title: 'Link' }),
  }),
  output: z.object({ id: z.string().meta({ title: 'Task id' }), isNew: z.boolean().meta({ title: 'Newly opened' }) }),
  samples: [{ id: 'task_01', isNew: true }],
  rejects: [{ input: { key: 'a', title: 'Do it', link: 'javascript:alert(1)' }, because: 'links go to web addresses only' }],
  effect: { kind: 'write', resend: 'harmless', because: 'an open task with the same key is found' },
  run: ({ input, host }) => host.tasks.open(defined(input)),
})
