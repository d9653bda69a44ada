import type { Permission } from '@couplet/api'
import { Fault, toFault } from '@couplet/core'
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { z } from 'zod'
import type { Handlers } from '../handlers/handler.ts'
import type { RequestContext, ServerParts } from '../server-parts.ts'

/** What a tool works with: the same handlers as the HTTP API, so that both follow the same rules. */
export type Desk = { parts: ServerParts; handlers: Handlers; context: RequestContext }

/**
 * One tool for an agent.
 *
 * - `permission`: what the caller needs. Callers with `agents.propose` may use every tool that is `forProposing`, and no other.
 * - `audit`: name of the event written when it changed something.
 */
export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  name: string
  title: string
  description: string
  permission: Permission
  forProposing: boolean
  audit?: string
  input: Input
  run(desk: Desk, input: z.output<Input>): Promise<unknown>
}

export const tool = <Input extends z.ZodObject>(declared: Tool<Input>): Tool<Input> => declared

/** Longest answer in characters: an agent reads all of it. */
const ANSWER_CHARS_MAX = 100_000

/** Whether the caller may use a tool; what it may not use is not listed either. */
export const mayUse = ({ permission, forProposing }: Tool, permissions: ReadonlySet<Permission>): boolean =>
  permissions.has(permission) || (forProposing && permissions.has('agents.propose'))

/** Runs a tool. What goes wrong is an answer the agent can act on: what happened, where, what to do. */
export async function answerOf(asked: Tool, desk: Desk, input: unknown): Promise<CallToolResult> {
  try {
    const answer = await asked.run(desk, asked.input.parse(input))
    const text = JSON.stringify(answer, undefined, 1)
    if (text.length > ANSWER_CHARS_MAX)
      throw new Fault({
        code: 'agent.answer_too_large',
        kind: 'user',
        message: `The answer has ${text.length} characters.`,
        hint: 'Ask for less: a narrower search, a smaller limit, or one thing at a time.',
      })
    return { content: [{ type: 'text', text }] }
  } catch (thrown) {
    const { code, message, hint, place, fields } = toFault(thrown).facts
    const told = {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(place === undefined ? {} : { place }),
      ...(fields ? { fields } : {}),
    }
    return { isError: true, content: [{ type: 'text', text: JSON.stringify(told, undefined, 1) }] }
  }
}
