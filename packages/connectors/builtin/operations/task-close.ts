import { z } from 'zod'
import { builtin } from '../connector.ts'
import { TaskKey } from './task-open.ts'

export const taskClose = builtin.action({
  id: 'builtin.task.close',
  version: 1,
  title: 'Close a task',
  summary: 'Closes the open task with this key. When there is none, the flow goes on.',
  phrase: 'close a task',
  group: 'People',
  scopes: [],
  input: z.object({ key: TaskKey, because: z.string().min(1).max(500).meta({ title: 'Reason' }) }),
  output: z.object({ wasOpen: z.boolean().meta({ title: 'Was open' }) }),
  samples: [{ wasOpen: true }],
  rejects: [{ input: { key: 'a' }, because: 'the reason is shown to the person who had the task' }],
  effect: { kind: 'write', resend: 'harmless', because: 'a closed task stays closed' },
  run: async ({ input, host }) => ({ wasOpen: await host.tasks.close(input.key, input.because) }),
})
