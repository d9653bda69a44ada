import { isJsonObject } from '@couplet/core'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import type { Handlers } from '../handlers/handler.ts'
import { memberAt } from '../people/caller.ts'
import type { RequestContext, ServerParts } from '../server-parts.ts'
import { VERSION } from '../version.ts'
import { CATALOGUE_TOOLS } from './catalogue-tools.ts'
import { FLOW_TOOLS } from './flow-tools.ts'
import { answerOf, mayUse, type Tool } from './tool.ts'

const INSTRUCTIONS = `Couplet runs integrations for agencies on HighLevel. You can search its catalogue, draft flows, try them out in a sandbox of simulated vendors, and propose them.
A person decides: a proposed draft does nothing until somebody approves it. Begin with describe_flow_format and search_catalogue; call describe_operation for every operation you use; after draft_flow read its problems; try it with run_in_sandbox before submit_for_approval.
Facts marked ASSUMED are not known for sure: say so when a flow depends on one.`

const TOOLS: readonly Tool[] = [...CATALOGUE_TOOLS, ...FLOW_TOOLS]

/** The objects a call names, for the audit log. */
const idsIn = (input: unknown): Record<string, string> =>
  isJsonObject(input) && typeof input['flow'] === 'string' ? { flow: input['flow'] } : {}

export type McpAnswer = (request: Request, context: RequestContext) => Promise<Response>

/**
 * The MCP server: the API for agents. A caller sees the tools that its token allows; with nothing but `agents.propose` that is searching,
 * drafting, trying out in the sandbox and proposing. `onChange` writes the audit event of a tool that changed something.
 */
export function mcpServer(
  parts: ServerParts,
  handlers: Handlers,
  onChange: (event: string, context: RequestContext, objects: Record<string, string>) => Promise<void>,
): McpAnswer {
  return (request, context) => {
    const allowed = TOOLS.filter((one) => mayUse(one, memberAt(context.caller).permissions))
    // One server for each request, as the protocol's stateless serving wants it: what it offers depends on who asks.
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'couplet', title: 'Couplet', version: VERSION }, { instructions: INSTRUCTIONS })
      for (const one of allowed)
        server.registerTool(
          one.name,
          {
            title: one.title,
            description: one.description,
            inputSchema: one.input,
            annotations: { readOnlyHint: one.audit === undefined, destructiveHint: false, openWorldHint: one.name === 'start_flow' },
          },
          async (input: unknown) => {
            const answer = await answerOf(one, { parts, handlers, context }, input)
            if (one.audit !== undefined && answer.isError !== true) await onChange(one.audit, context, { tool: one.name, ...idsIn(input) })
            return answer
          },
        )
      return server
    })
    return handler.fetch(request)
  }
}
