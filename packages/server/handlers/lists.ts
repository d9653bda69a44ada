import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { instantiate, findTemplate } from '../setup/templates.ts'
import { sandboxIn } from '../setup/sandbox-setup.ts'
import { iso, isoOrNull } from '../views/common.ts'
import { flowDetail, sentenceOf } from '../views/flow-view.ts'
import type { Handlers } from './handler.ts'
import { notFound, triggerIdOf } from './ids.ts'

/** The areas that mostly show what others made: tasks, deliveries, templates, sandbox. */
export function listHandlers(parts: ServerParts): Pick<Handlers, 'tasks' | 'deliveries' | 'templates' | 'sandbox'> {
  const { store } = parts.engine
  return {
    tasks: {
      list: async ({ query, context }) => {
        const tasks = await store.tasks.list(workspaceOf(context), query.state)
        return { tasks: tasks.map((task) => ({ ...task, openedAt: iso(task.openedAt), closedAt: isoOrNull(task.closedAt) })) }
      },
      close: async ({ params, body, context }) => {
        const task = (await store.tasks.list(workspaceOf(context), 'open')).find((open) => open.id === params.task)
        if (!task || !(await store.tasks.close(workspaceOf(context), task.key, body.because))) throw notFound('task', params.task)
        return { ok: true }
      },
    },
    deliveries: {
      list: async ({ query, context }) => {
        const found = await store.deliveries.list(workspaceOf(context), {
          limit: query.limit,
          ...(query.trigger === undefined ? {} : { triggerId: triggerIdOf(query.trigger) }),
          ...(query.state === undefined ? {} : { state: query.state }),
        })
        return { deliveries: found.map((delivery) => ({ ...delivery, receivedAt: iso(delivery.receivedAt) })) }
      },
    },
    templates: {
      list: async () => ({
        templates: parts.templates.map((template) => ({
          id: template.id,
          title: template.title,
          summary: template.summary,
          topic: template.topic,
          sentence: sentenceOf(parts, template.definition),
          cannot: [...template.cannot],
          connectors: [...template.connectors],
          tables: template.tables.map(({ name, description }) => ({ name, description })),
          isReady: template.ready,
          isTryable: template.sandboxEvent !== undefined,
        })),
      }),
      get: async ({ params }) => ({ definition: { ...findTemplate(parts.templates, params.template).definition } }),
      instantiate: async ({ params, body, context }) => {
        const flow = await instantiate(parts, workspaceOf(context), findTemplate(parts.templates, params.template), {
          name: body.name,
          environment: body.environment,
        })
        return flowDetail(parts, context, flow.id)
      },
    },
    sandbox: {
      get: async ({ context }) => ({
        isOn: sandboxIn(parts.sandbox, workspaceOf(context)) !== undefined,
        vendors:
          sandboxIn(parts.sandbox, workspaceOf(context))?.vendors.map((vendor) => ({
            ...vendor,
            credentials: [...vendor.credentials],
            connections: [...vendor.connections],
          })) ?? [],
      }),
    },
  }
}
