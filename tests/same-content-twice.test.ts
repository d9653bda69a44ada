import { mediaUpload } from '../packages/connectors/highlevel/operations/media-upload.ts'
import { socialCommentCreate } from '../packages/connectors/highlevel/operations/social-comment-create.ts'
import { socialPostCreate } from '../packages/connectors/highlevel/operations/social-post-create.ts'
import { flipbookReplace } from '../packages/connectors/heyzine/operations/flipbook-replace.ts'
import { world as heyzineWorld } from '../packages/connectors/heyzine/cases/state.ts'
import { lostAnswer, outage, world } from '../packages/connectors/highlevel/cases/state.ts'
import { isJsonObject } from '@couplet/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CaseRunner, openCaseRunner } from './support/case-runner.ts'

let runner: CaseRunner
beforeAll(async () => {
  runner = await openCaseRunner()
})
afterAll(() => runner[Symbol.asyncDispose]())

const neverDone = { ...outage, times: 1 }

test.each([
  [
    'post',
    socialPostCreate,
    '/social-media-posting/*/posts',
    (state: Record<string, unknown>) => ({ accountIds: [world(state).account.id], userId: world(state).userId, summary: 'Open on Sunday' }),
  ],
  [
    'comment',
    socialCommentCreate,
    '/social-media-posting/comments',
    (state: Record<string, unknown>) => ({ platform: 'facebook', commentId: world(state).comment()['_id'], content: 'Thank you!' }),
  ],
  ['file', mediaUpload, '/medias', () => ({ name: 'same.txt', contentType: 'text/plain', content: 'x' })],
])(
  'a %s with the same content as one made before is made, though its request was lost, and found only when it was not',
  async (_what, operation, path, input) => {
    const vendor = await runner.begin('highlevel')
    const idOf = async (given: object[]): Promise<unknown> => {
      // More than the clocks may differ.
      for (let second = 0; second < 12; second++) await vendor.ask({}, () => Promise.resolve())
      const { outcome, calls } = await vendor.run({ operation, cases: [] }, { name: 'again', given: given as never, input })
      expect(outcome.kind).toBe('done')
      const sent = calls.filter((call) => call.method === 'POST' && !call.url.pathname.includes('/list')).length
      const output = outcome.kind === 'done' && isJsonObject(outcome.output) ? outcome.output['id'] : undefined
      return [output, sent]
    }
    const [first] = (await idOf([])) as [unknown]
    const [second, secondSent] = (await idOf([{ ...neverDone, method: 'POST', path }])) as [unknown, number]
    const [third, thirdSent] = (await idOf([{ ...lostAnswer, method: 'POST', path }])) as [unknown, number]
    expect(new Set([first, second, third]).size).toBe(3)
    expect([secondSent, thirdSent]).toEqual([2, 1])
  },
)

test('a replaced PDF of which nobody said what was there before is not replaced again unasked', async () => {
  const vendor = await runner.begin('heyzine')
  const { outcome, calls } = await vendor.run(
    { operation: flipbookReplace, cases: [] },
    {
      name: 'lost',
      given: [
        { action: 'enable-replace', with: {} },
        { setting: 'emptyUserAgent', value: false },
        { ...lostAnswer, path: '/api1/flipbook-replace' },
      ],
      input: (state: Record<string, unknown>) => ({ id: heyzineWorld(state).offShelf.id, pdf: heyzineWorld(state).documentUrl }),
    },
  )
  expect(outcome).toMatchObject({ kind: 'fault', fault: { code: 'heyzine.replacement_unknown' } })
  expect(calls.filter((call) => call.url.pathname.includes('flipbook-replace'))).toHaveLength(1)
})
