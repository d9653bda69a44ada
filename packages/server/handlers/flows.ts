import { registryOf } from '@couplet/connector-sdk'
import { type FlowId, userFault } from '@couplet/core'
import { checkFlow, loadFlow, pollNow, previewBackFill, publishFlow, rollBackFlow, setFlowOn, startByHand } from '@couplet/engine'
import { diffDefinitions, type FlowDefinition, printFlowFile } from '@couplet/flow'
import type { Bindings } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { instantiate, findTemplate } from '../setup/templates.ts'
import { iso, problemView } from '../views/common.ts'
import { flowDetail, flowSummaries, readDefinition, sentenceOf } from '../views/flow-view.ts'
import { blankDefinition, definitionFromFile, editedDraft, nameOf } from './flow-drafts.ts'
import { previewStep } from './flow-preview.ts'
import type { Handlers } from './handler.ts'
import { setHookProof } from './hook-proof.ts'
import { connectionIdOf, flowIdOf } from './ids.ts'
import { resumeFlow, runKept } from './resume-flow.ts'
import { reviewFlow } from './review-flow.ts'

const versionMissing = (version: number) =>
  userFault({ code: 'version.not_found', message: `This flow has no version ${version}.`, hint: 'Choose one from the list of versions.' })

const unreadable = () =>
  userFault({ code: 'flow.invalid', message: 'The draft cannot be read yet.', hint: 'Mend its problems in the builder first.' })

/** A file name made from the flow's name: `Tags to Heyzine` → `tags-to-heyzine.json`. */
const filenameOf = (name: string): string =>
  `${
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '') || 'flow'
  }.json`

export function flowHandlers(parts: ServerParts): Handlers['flows'] {
  const { engine } = parts
  const { store } = engine

  const detail = (context: RequestContext, id: FlowId) => flowDetail(parts, context, id)
  const load = (context: RequestContext, text: string) => loadFlow(engine, workspaceOf(context), flowIdOf(text))

  /** A published version; throws `version.not_found`. */
  const versionOf = async (id: FlowId, version: number) => {
    const found = await store.flows.version(id, version)
    if (!found) throw versionMissing(version)
    return found
  }
  const definitionOf = async (flow: { id: FlowId; draft: object }, version: number | undefined): Promise<FlowDefinition> => {
    const definition = readDefinition(version === undefined ? flow.draft : (await versionOf(flow.id, version)).definition)
    if (!definition) throw unreadable()
    return definition
  }

  return {
    list: async ({ context }) => ({ flows: await flowSummaries(parts, context) }),
    get: async ({ params, context }) => detail(context, flowIdOf(params.flow)),

    create: async ({ body, context }) => {
      const workspaceId = workspaceOf(context)
      if (body.from === 'template') {
        const made = await instantiate(parts, workspaceId, findTemplate(parts.templates, body.template), {
          name: body.name,
          environment: body.environment,
        })
        return detail(context, made.id)
      }
      const draft =
        body.from === 'blank'
          ? blankDefinition(registryOf(engine.registry, workspaceId), body.name, body.trigger)
          : definitionFromFile(registryOf(engine.registry, workspaceId), body.text, body.filename)
      const flow = await store.flows.create({ workspaceId, name: nameOf(draft), environment: body.environment, draft })
      return detail(context, flow.id)
    },

    saveDraft: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const definition = 'edits' in body ? editedDraft(flow, body.edits, body.fromRevision) : body.definition
      await store.flows.saveDraft(workspaceOf(context), flow.id, {
        name: nameOf(definition, flow.name),
        definition,
        fromRevision: body.fromRevision,
      })
      return detail(context, flow.id)
    },

    check: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const { problems, isPublishable } = await checkFlow(
        engine,
        body.definition === undefined ? flow : { ...flow, draft: body.definition },
      )
      return { problems: problems.map(problemView), isPublishable }
    },

    setBindings: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const bindings: Bindings = {}
      for (const [slot, ids] of Object.entries(body.bindings)) {
        bindings[slot] = [...new Set(ids.map(connectionIdOf))]
        for (const id of bindings[slot])
          if (!(await store.connections.find(workspaceOf(context), id)))
            throw userFault({
              code: 'connection.not_found',
              message: `There is no connection "${id}".`,
              hint: 'Choose another one; it may have been removed.',
              fields: { [`bindings.${slot}`]: 'does not exist' },
            })
      }
      if (body.environment === 'live' && flow.environment === 'sandbox' && flow.version !== null)
        throw userFault({
          code: 'flow.promote_first',
          message: `"${flow.name}" has a version that was made for the sandbox; with live accounts behind it that version would change live data.`,
          hint: 'Promote the flow: accounts, ids and checks then change together with the version.',
        })
      await store.flows.setBindings(flow.id, bindings)
      if (body.environment !== undefined) await store.flows.setEnvironment(flow.id, body.environment)
      engine.flows.forget(flow.id)
      return detail(context, flow.id)
    },

    publish: async ({ params, body, context }) => {
      const id = flowIdOf(params.flow)
      const { version, problems } = await publishFlow(engine, workspaceOf(context), id, body.note)
      return { version, problems: problems.map(problemView), flow: await detail(context, id) }
    },
    pause: async ({ params, context }) => {
      await setFlowOn(engine, workspaceOf(context), flowIdOf(params.flow), false)
      return { ok: true }
    },
    resume: async ({ params, body, context }) => {
      const resumed = await resumeFlow(parts, context, flowIdOf(params.flow), body)
      return { ...resumed, reasons: [...resumed.reasons] }
    },

    start: ({ params, body, context }) =>
      startByHand(engine, workspaceOf(context), flowIdOf(params.flow), { picked: body.picked, fact: body.fact }),
    poll: async ({ params, context }) => {
      const results = await pollNow(engine, workspaceOf(context), flowIdOf(params.flow))
      return { results: results.map(({ nextPollAt, ...result }) => ({ ...result, nextAt: iso(nextPollAt) })) }
    },
    previewBackFill: async ({ params, context }) => {
      const preview = await previewBackFill(engine, workspaceOf(context), flowIdOf(params.flow), context.signal)
      return { sources: [...preview.sources], forecasts: [...preview.forecasts] }
    },
    runKept: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      if (flow.state !== 'on')
        throw userFault({
          code: 'flow.not_on',
          message: `"${flow.name}" is not on.`,
          hint: 'Switch it on first; what came meanwhile stays kept.',
        })
      const { runs, stayed, reasons } = await runKept(parts, flow.id, body.limit)
      return { runs, stayed, reasons: [...reasons] }
    },

    setHookProof: setHookProof(parts),

    versions: async ({ params, context }) => {
      const flow = await load(context, params.flow)
      const versions = await store.flows.versions(flow.id)
      return { versions: versions.map(({ version, note, publishedAt }) => ({ version, note, publishedAt: iso(publishedAt) })) }
    },
    version: async ({ params, context }) => {
      const flow = await load(context, params.flow)
      const { version, note, publishedAt, definition } = await versionOf(flow.id, params.version)
      return { version, note, publishedAt: iso(publishedAt), definition: { ...definition }, sentence: sentenceOf(parts, definition) }
    },
    diff: async ({ params, query, context }) => {
      const flow = await load(context, params.flow)
      const from = query.from ?? flow.version
      if (from === null)
        throw userFault({
          code: 'version.not_found',
          message: `"${flow.name}" has not been published yet, so there is nothing to compare with.`,
          hint: 'Publish it first.',
        })
      return { changes: diffDefinitions(await definitionOf(flow, from), await definitionOf(flow, query.to)) }
    },
    rollBack: ({ params, context }) => rollBackFlow(engine, workspaceOf(context), flowIdOf(params.flow), params.version),

    remove: async ({ params, context }) => {
      const flow = await load(context, params.flow)
      await store.flows.remove(workspaceOf(context), flow.id)
      engine.flows.forget(flow.id)
      return { ok: true }
    },

    exportFile: async ({ params, query, context }) => {
      const flow = await load(context, params.flow)
      return { filename: filenameOf(flow.name), text: printFlowFile(await definitionOf(flow, query.version)), revision: flow.draftRevision }
    },
    importFile: async ({ params, body, context }) => {
      const flow = await load(context, params.flow)
      const definition = definitionFromFile(registryOf(engine.registry, workspaceOf(context)), body.text, body.filename)
      await store.flows.saveDraft(workspaceOf(context), flow.id, {
        name: nameOf(definition),
        definition,
        fromRevision: body.fromRevision ?? flow.draftRevision,
      })
      return detail(context, flow.id)
    },

    review: ({ params, context }) => reviewFlow(parts, context, params.flow),
    preview: async ({ body, context }) => previewStep(registryOf(engine.registry, workspaceOf(context)), body),
  }
}
