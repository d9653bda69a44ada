import { isJsonObject, toFault, type WorkspaceId } from '@couplet/core'
import { type EngineParts, publishFlow } from '@couplet/engine'
import type { Store } from '@couplet/store'
import type { SandboxView } from './sandbox-setup.ts'
import { instantiate, type Template } from './templates.ts'

const SETTING = 'samples'

const textsOf = (value: unknown, member: string): string[] => {
  const list = isJsonObject(value) ? value[member] : undefined
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : []
}

/** Ids of the flows that came with the installation. Nobody made them, so nobody's first flow is among them. */
export const sampleFlows = async (store: Pick<Store, 'settings'>): Promise<ReadonlySet<string>> =>
  new Set(textsOf(await store.settings.read(SETTING), 'flows'))

/**
 * The ready sample of a first start: the templates marked `ready` as published flows in the sandbox. What was installed
 * once is remembered: a sample that somebody removed or renamed does not come back. Answers the ids installed now.
 */
export async function installSamples(
  parts: { engine: EngineParts; sandbox: SandboxView; templates: readonly Template[] },
  workspaceId: WorkspaceId,
): Promise<string[]> {
  const { store, log } = parts.engine
  const saved = await store.settings.read(SETTING)
  const known = textsOf(saved, 'installed')
  const flows = textsOf(saved, 'flows')
  const installed: string[] = []
  for (const template of parts.templates) {
    if (!template.ready || known.includes(template.id)) continue
    try {
      // A start that was killed between these two leaves the flow behind; it is taken up instead of made twice.
      const found = (await store.flows.list(workspaceId)).find((flow) => flow.template === template.id)
      const flow = found ?? (await instantiate(parts, workspaceId, template, { environment: 'sandbox' }))
      flows.push(flow.id)
      if (flow.version === null) await publishFlow(parts.engine, workspaceId, flow.id, 'Ready sample')
    } catch (error) {
      log.warn({ template: template.id, problem: toFault(error).message }, 'A sample flow could not be made ready; it is left as a draft')
    }
    installed.push(template.id)
    await store.settings.write(SETTING, { installed: [...known, ...installed], flows })
  }
  return installed
}
