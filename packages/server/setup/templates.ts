import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJson, toFault, userFault, type WorkspaceId } from '@couplet/core'
import type { EngineParts, Logger } from '@couplet/engine'
import { FlowDefinition, parseFlowFile, upgradeDefinition } from '@couplet/flow'
import type { Bindings, Environment, FlowRow } from '@couplet/store'
import { z } from 'zod'
import { sandboxIn, type SandboxView } from './sandbox-setup.ts'

const TableOfTemplate = z.strictObject({
  name: z.string().min(1),
  description: z.string(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      title: z.string(),
      type: z.enum(['text', 'number', 'boolean', 'list']),
      list: z.string().optional(),
    }),
  ),
  /** Rows that make the template work in the sandbox. */
  sandboxRows: z.array(z.strictObject({ key: z.string(), value: z.record(z.string(), z.json()) })).default([]),
})

/** Headings of the gallery, in its order. */
const TOPICS = ['Social Planner', 'Flipbooks', 'Customers', 'Reports and alerts'] as const

const TemplateFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1).max(120),
  summary: z.string(),
  topic: z.enum(TOPICS).default('Social Planner'),
  /** What the vendors' APIs do not allow. */
  cannot: z.array(z.string()).default([]),
  connectors: z.array(z.string()).default([]),
  tables: z.array(TableOfTemplate).default([]),
  order: z.number().default(100),
  /** Published in the sandbox on the first start. */
  ready: z.boolean().default(false),
  /** Slot → keys of sandbox connections (`highlevel.plumber`); default: all of the connector for the trigger's slot, else the first. */
  sandboxBindings: z.record(z.string(), z.array(z.string())).default({}),
  /** What happened at the simulated vendor, as the trigger gives it: tests of a draft in the sandbox begin with it, so that they change something. */
  sandboxEvent: z.json().optional(),
})

export type Template = z.output<typeof TemplateFile> & { definition: FlowDefinition }

/**
 * The templates in a folder: `<name>/template.json` with words and tables, `<name>/flow.json` with the flow. A template that
 * cannot be read is left out and logged: it must not keep Couplet from starting.
 */
export async function loadTemplates(folder: string, log: Logger): Promise<Template[]> {
  const names = await readdir(folder).catch((): string[] => [])
  const loaded = await Promise.all(
    names.map(async (name) => {
      try {
        return await loadTemplate(folder, name)
      } catch (error) {
        log.error({ template: name, problem: toFault(error).message }, 'A template cannot be read and is left out')
        return undefined
      }
    }),
  )
  return loaded
    .filter((template) => template !== undefined)
    .toSorted((left, right) => left.order - right.order || left.title.localeCompare(right.title))
}

async function loadTemplate(folder: string, name: string): Promise<Template | undefined> {
  const words = await readFile(join(folder, name, 'template.json'), 'utf8').catch(() => undefined)
  if (words === undefined) return undefined
  const flow = parseFlowFile(await readFile(join(folder, name, 'flow.json'), 'utf8'), `${name}/flow.json`)
  return { ...TemplateFile.parse(parseJson(words)), definition: FlowDefinition.parse(upgradeDefinition(flow)) }
}

/** Throws `template.not_found`. */
export function findTemplate(templates: readonly Template[], id: string): Template {
  const found = templates.find((template) => template.id === id)
  if (!found)
    throw userFault({
      code: 'template.not_found',
      message: `There is no template "${id}".`,
      hint: `There are: ${templates.map((template) => template.id).join(', ') || 'none'}.`,
    })
  return found
}

type InstantiateParts = { engine: EngineParts; sandbox: SandboxView | undefined }

/**
 * Makes a draft from a template, and its tables where they do not exist yet. In the sandbox connections are bound and tables filled, and what its trigger
 * gives is pinned, so that the flow can run at once. A name that is taken gets a number, unless the caller chose it.
 */
export async function instantiate(
  parts: InstantiateParts,
  workspaceId: WorkspaceId,
  template: Template,
  options: { name?: string | undefined; environment: Environment },
): Promise<FlowRow> {
  const { store } = parts.engine
  const name = options.name ?? (await freeName(parts, workspaceId, template.definition.name))
  const known = new Set((await store.lookupTables.list(workspaceId)).map((table) => table.name))
  const flow = await store.flows.create({
    workspaceId,
    name,
    environment: options.environment,
    draft: { ...template.definition, name },
    template: template.id,
  })
  for (const table of template.tables) {
    if (known.has(table.name)) continue
    await store.lookupTables.put(workspaceId, {
      name: table.name,
      description: table.description,
      columns: table.columns.map(({ list, ...column }) => ({ ...column, ...(list === undefined ? {} : { list }) })),
    })
    if (options.environment === 'sandbox')
      for (const row of table.sandboxRows) await store.lookupTables.putRow(workspaceId, table.name, row.key, row.value)
  }
  const sandbox = sandboxIn(parts.sandbox, workspaceId)
  if (options.environment === 'sandbox' && sandbox) {
    await store.flows.setBindings(flow.id, sandboxBindings(template, sandbox))
    if (template.sandboxEvent !== undefined)
      await store.pins.put(flow.id, { stepId: 'trigger', data: template.sandboxEvent, source: 'typed', pinnedBy: 'the template' })
  }
  return flow
}

async function freeName(parts: InstantiateParts, workspaceId: WorkspaceId, wanted: string): Promise<string> {
  const taken = new Set((await parts.engine.store.flows.list(workspaceId)).map((flow) => flow.name))
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number++) {
    const name = `${wanted} (${number})`
    if (!taken.has(name)) return name
  }
}

function sandboxBindings(template: Template, sandbox: SandboxView): Bindings {
  const { slots, trigger } = template.definition
  return Object.fromEntries(
    Object.entries(slots).map(([slot, { connector }]) => {
      const named = template.sandboxBindings[slot]
      if (named) return [slot, named.flatMap((key) => sandbox.connections.find((connection) => connection.key === key)?.id ?? [])]
      const fitting = sandbox.connections.filter((connection) => connection.connector === connector).map(({ id }) => id)
      return [slot, slot === trigger.connection ? fitting : fitting.slice(0, 1)]
    }),
  )
}
