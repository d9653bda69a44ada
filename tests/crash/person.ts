import { asId, Fault, type RunId } from '@couplet/core'
import { answerQuestion, bulkReplay, type Engine, resolveParked } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { z } from 'zod'

/** What a person asks of a web process of the crash tests. */
const Asked = z.discriminatedUnion('what', [
  z.object({ what: z.literal('send-again'), run: z.string(), step: z.string() }),
  z.object({ what: z.literal('approve'), run: z.string(), step: z.string() }),
  z.object({ what: z.literal('replay-failed') }),
])
export type Asked = z.input<typeof Asked>

/** `refused`: the code of the fault a person would have read. */
const Answer = z.object({ refused: z.string().optional() })
export type Answer = z.output<typeof Answer>

/** Does in the web process what a person asked for, as the API does it. */
export async function actAsPerson(parts: Engine['parts'], body: unknown): Promise<Answer> {
  const asked = Asked.parse(body)
  try {
    await act(parts, asked)
    return {}
  } catch (error) {
    if (error instanceof Fault && error.kind === 'user') return { refused: error.code }
    throw error
  }
}

function act(parts: Engine['parts'], asked: z.output<typeof Asked>): Promise<unknown> {
  const by = 'the test'
  switch (asked.what) {
    case 'send-again':
      return resolveParked(parts, FIRST_WORKSPACE, runIdOf(asked.run), { step: asked.step, how: 'again', by })
    case 'approve':
      return answerQuestion(parts, FIRST_WORKSPACE, runIdOf(asked.run), { step: asked.step, approved: true, by })
    case 'replay-failed':
      return bulkReplay(parts, FIRST_WORKSPACE, {}, { from: 'failed', version: 'same' })
    default:
      return asked satisfies never
  }
}

function runIdOf(text: string): RunId {
  const id = asId('run', text)
  if (!id) throw new Error(`"${text}" is no run`)
  return id
}

/** Asks once. `undefined`: there was no answer, so nobody knows whether it was done. */
export async function askOnce(webUrl: string, asked: Asked): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${webUrl}/person`, { method: 'POST', body: JSON.stringify(asked), signal: AbortSignal.timeout(10_000) })
    return response.ok ? Answer.parse(await response.json()) : undefined
  } catch {
    return undefined
  }
}
