import { userFault } from '@couplet/core'
import type { Bindings } from '@couplet/store'
import { z } from 'zod'
import { workspaceOf } from '../server-parts.ts'
import { sandboxIn } from '../setup/sandbox-setup.ts'
import { readDefinition } from '../views/flow-view.ts'
import { type Desk, tool } from './tool.ts'

const Definition = z.looseObject({}).meta({ description: 'A flow definition; see describe_flow_format.' })

/** What an agent needs to know about a flow after it looked at it or changed it. */
async function flowView({ handlers, context }: Desk, id: string) {
  const flow = await handlers.flows.get({ params: { flow: id }, query: {}, body: undefined, context })
  const { name, sentence, state, environment, version, draftRevision, draft, problems, isPublishable, bindings } = flow
  return { id, name, sentence, state, environment, version, draftRevision, problems, isPublishable, bindings, draft }
}

/** Puts sandbox connections behind slots that have none, so that a draft can be tried out at once. */
async function bindSandbox({ handlers, context, parts }: Desk, id: string): Promise<void> {
  const flow = await handlers.flows.get({ params: { flow: id }, query: {}, body: undefined, context })
  const definition = readDefinition(flow.draft)
  if (!definition || flow.environment !== 'sandbox') return
  const bindings: Bindings | Record<string, string[]> = { ...flow.bindings }
  for (const [slot, { connector }] of Object.entries(definition.slots)) {
    const fitting = (sandboxIn(parts.sandbox, workspaceOf(context))?.connections ?? [])
      .filter((connection) => connection.connector === connector)
      .map(({ id: fit }) => fit)
    if ((bindings[slot] ?? []).length === 0) bindings[slot] = slot === definition.trigger.connection ? fitting : fitting.slice(0, 1)
  }
  await handlers.flows.setBindings({ params: { flow: id }, query: {}, body: { bindings }, context })
}

const listFlows = tool({
  name: 'list_flows',
  title: 'List flows',
  description: 'Every flow with its sentence, state, environment and how its runs of the last week ended.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({}),
  run: async ({ handlers, context }) => {
    const { flows } = await handlers.flows.list({ params: {}, query: {}, body: undefined, context })
    return {
      flows: flows.map(({ id, name, sentence, state, environment, version, counts }) => ({
        id,
        name,
        sentence,
        state,
        environment,
        version,
        counts,
      })),
    }
  },
})

const getFlow = tool({
  name: 'get_flow',
  title: 'Look at a flow',
  description: 'One flow: its draft, revision, problems, and the connections behind its slots.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({ flow: z.string() }),
  run: (desk, { flow }) => flowView(desk, flow),
})

const draftFlow = tool({
  name: 'draft_flow',
  title: 'Draft a flow',
  description:
    'Makes a new draft in the sandbox, from a definition or from a template. It runs nowhere until a person publishes it. Answers its problems, each with its place and what to do.',
  permission: 'flows.write',
  forProposing: true,
  audit: 'agent.drafted',
  input: z.object({ definition: Definition.optional(), template: z.string().optional(), name: z.string().max(120).optional() }),
  run: async (desk, { definition, template, name }) => {
    const { handlers, context } = desk
    if ((definition === undefined) === (template === undefined))
      throw userFault({
        code: 'agent.unclear',
        message: 'Give either a definition or a template.',
        hint: 'See describe_flow_format and list_templates.',
      })
    const body =
      template === undefined
        ? {
            from: 'file' as const,
            text: JSON.stringify(name === undefined ? definition : { ...definition, name }),
            filename: 'definition',
            environment: 'sandbox' as const,
          }
        : { from: 'template' as const, template, environment: 'sandbox' as const, ...(name === undefined ? {} : { name }) }
    const { id } = await handlers.flows.create({ params: {}, query: {}, body, context })
    await bindSandbox(desk, id)
    return flowView(desk, id)
  },
})

const editFlow = tool({
  name: 'edit_flow',
  title: 'Change a draft',
  description:
    'Replaces the draft of a flow by a whole definition. Give the revision you started from: when somebody saved meanwhile, nothing is changed and the answer says so.',
  permission: 'flows.write',
  forProposing: true,
  audit: 'agent.edited',
  input: z.object({ flow: z.string(), definition: Definition, fromRevision: z.int() }),
  run: async (desk, { flow, definition, fromRevision }) => {
    await desk.handlers.flows.saveDraft({ params: { flow }, query: {}, body: { definition, fromRevision }, context: desk.context })
    await bindSandbox(desk, flow)
    return flowView(desk, flow)
  },
})

const tryFlow = tool({
  name: 'run_in_sandbox',
  title: 'Run a draft in the sandbox',
  description:
    'Performs the draft once against the simulated vendors, with the trigger data given, else with the sample of its trigger. Shows every step with input, output and the calls made. What Couplet itself would write (a table row, a task, another flow) is shown as held and ends the try. Nothing of it reaches a live account.',
  permission: 'runs.act',
  forProposing: true,
  audit: 'agent.tried',
  input: z.object({ flow: z.string(), trigger: z.json().optional() }),
  run: async (desk, { flow, trigger }) => {
    const { handlers, context, parts } = desk
    const { draft } = await handlers.flows.get({ params: { flow }, query: {}, body: undefined, context })
    const definition = readDefinition(draft)
    const sample = definition && parts.engine.registry.trigger(definition.trigger.operation, definition.trigger.version)?.samples[0]
    const result = await handlers.flowTests.flow({
      params: { flow },
      query: {},
      body: { definition: draft, environment: 'sandbox', connections: {}, trigger: trigger ?? z.json().parse(sample ?? null), given: {} },
      context,
    })
    return {
      ...result,
      steps: result.steps.map(({ key, title, state, input, output, fault, attempts }) => ({
        key,
        title,
        state,
        input,
        output,
        fault,
        calls: attempts.flatMap(({ exchanges }) => exchanges.map(({ method, url, status }) => ({ method, url, status }))),
      })),
    }
  },
})

const submitFlow = tool({
  name: 'submit_for_approval',
  title: 'Propose a draft',
  description: 'Puts the draft as it is before a person who may publish it. Say in the note what it does and how you tried it out.',
  permission: 'flows.write',
  forProposing: true,
  audit: 'agent.proposed',
  input: z.object({ flow: z.string(), note: z.string().min(1).max(2_000) }),
  run: ({ handlers, context }, { flow, note }) => handlers.proposals.propose({ params: { flow }, query: {}, body: { note }, context }),
})

const listProposals = tool({
  name: 'list_proposals',
  title: 'List proposals',
  description: 'What became of proposed drafts: open, approved, declined with the reason, or replaced by a newer one.',
  permission: 'flows.read',
  forProposing: true,
  input: z.object({}),
  run: ({ handlers, context }) => handlers.proposals.list({ params: {}, query: {}, body: undefined, context }),
})

const listRuns = tool({
  name: 'list_runs',
  title: 'List runs',
  description: 'Runs, newest first, with how they ended and why; of one flow or of all, in the states asked for.',
  permission: 'runs.read',
  forProposing: false,
  input: z.object({ flow: z.string().optional(), state: z.string().optional(), limit: z.int().min(1).max(100).default(20) }),
  run: ({ handlers, context }, { flow, state, limit }) =>
    handlers.runs.list({ params: {}, query: { limit, ...(flow ? { flow } : {}), ...(state ? { state } : {}) }, body: undefined, context }),
})

const getRun = tool({
  name: 'get_run',
  title: 'Look at a run',
  description: 'One run: what started it, every step with input, output, attempts and waits, and what a person can do with it now.',
  permission: 'runs.read',
  forProposing: false,
  input: z.object({ run: z.string() }),
  run: async ({ handlers, context }, { run }) => {
    const { entries: _journal, ...told } = await handlers.runs.get({ params: { run }, query: {}, body: undefined, context })
    return told
  },
})

const publishFlow = tool({
  name: 'publish_flow',
  title: 'Publish a flow',
  description: 'Publishes the draft as the next version and switches the flow on. On live connections it changes live data from then on.',
  permission: 'flows.publish',
  forProposing: false,
  audit: 'flow.published',
  input: z.object({ flow: z.string(), note: z.string().max(500).optional() }),
  run: async ({ handlers, context }, { flow, note }) => {
    const { version, problems } = await handlers.flows.publish({
      params: { flow },
      query: {},
      body: note === undefined ? {} : { note },
      context,
    })
    return { version, problems }
  },
})

const startFlow = tool({
  name: 'start_flow',
  title: 'Start a flow',
  description: 'Starts a run of a published flow by hand. On live connections it changes live data.',
  permission: 'runs.act',
  forProposing: false,
  audit: 'run.started',
  input: z.object({ flow: z.string(), picked: z.record(z.string(), z.unknown()).optional(), fact: z.json().optional() }),
  run: ({ handlers, context }, { flow, picked, fact }) =>
    handlers.flows.start({
      params: { flow },
      query: {},
      body: { ...(picked === undefined ? {} : { picked }), ...(fact === undefined ? {} : { fact }) },
      context,
    }),
})

export const FLOW_TOOLS = [
  listFlows,
  getFlow,
  draftFlow,
  editFlow,
  tryFlow,
  submitFlow,
  listProposals,
  listRuns,
  getRun,
  publishFlow,
  startFlow,
]
