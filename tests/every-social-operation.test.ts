import { isJsonObject, readPath } from '@couplet/core'
import type { Given } from '@couplet/connector-sdk'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { BLOCKED } from '../packages/connectors/highlevel/catalogue/counterparts.ts'
import { indexRows } from '../packages/connectors/highlevel/catalogue/load.ts'
import { openCaseRunner } from './support/case-runner.ts'
import { misfitsOf } from './support/published-answer.ts'

const TIMEOUT_MS = 60_000
const MODULE = 'social-media-posting'

const State = z.looseObject({
  tokens: z.array(z.looseObject({ locationId: z.string(), userId: z.string() })),
  categories: z.array(z.looseObject({ _id: z.string(), locationId: z.string() })),
  posts: z.array(z.looseObject({ _id: z.string(), locationId: z.string(), status: z.string(), categoryId: z.string().optional() })),
  comments: z.array(z.looseObject({ _id: z.string(), originId: z.string(), postId: z.string(), locationId: z.string() })),
  oauthSessions: z.array(
    z.looseObject({ id: z.string(), platform: z.string(), offers: z.array(z.looseObject({ id: z.string(), name: z.string() })) }),
  ),
})
type State = z.output<typeof State>

const ATTACH: Readonly<Record<string, readonly [list: string, attach: string | undefined]>> = {
  facebook: ['get-facebook-page-group', 'attach-facebook-page-group'],
  instagram: ['get-instagram-page-group', 'attach-instagram-page-group'],
  linkedin: ['get-linkedin-page-profile', 'attach-linkedin-page-profile'],
  google: ['get-google-locations', 'set-google-locations'],
  tiktok: ['get-tiktok-profile', 'attach-tiktok-profile'],
  'tiktok-business': ['get-tiktok-business-profile', undefined],
}
const SOON = { startDate: '2020-01-01T00:00:00.000Z', endDate: '2040-01-01T00:00:00.000Z' }

test(
  'every newer operation of the Social Planner, and every one that connects accounts, works as the vendor publishes it, beside the finished actions',
  {
    timeout: TIMEOUT_MS,
  },
  async () => {
    await using runner = await openCaseRunner()
    const session = await runner.begin('highlevel')
    const wrong: string[] = []
    const performed = new Set<string>()
    let state: State | undefined
    /** Performs an operation; answers what the vendor said. */
    async function perform(name: string, input: Record<string, unknown>, given: readonly Given[] = []): Promise<unknown> {
      const own = `${MODULE}.${name}`
      performed.add(`highlevel.${own}`)
      const { outcome, calls } = await session.run(
        { operation: { id: `highlevel.${own}`, version: 1 }, cases: [] },
        {
          name,
          given,
          input: (shown: Record<string, unknown>) => {
            state = State.parse(shown)
            return input
          },
        },
      )
      const last = calls.at(-1)
      if (outcome.kind === 'fault') wrong.push(`${name}: ${outcome.fault.message} ${last?.answer ?? ''}`)
      else wrong.push(...misfitsOf(own, last).map((why) => `${name}: ${why}`))
      const read: unknown = last?.answer === undefined ? undefined : JSON.parse(last.answer)
      return isJsonObject(read) ? read['results'] : undefined
    }
    const text = (value: unknown, ...path: (string | number)[]): string => String(readPath(value, path))

    await perform('fetch-available-categories', {})
    const { locationId = '', userId = '' } = state?.tokens[0] ?? {}
    const published = state?.posts.find(
      (post) => post.locationId === locationId && post.status === 'published' && post.categoryId !== undefined,
    )
    const made = await perform('create-queue', { categoryId: published?.categoryId, timeSlots: [{ dayOfWeek: 1, time: '09:00' }], userId })
    const queueId = text(made, 'queue', '_id')
    await perform('fetch-queues', {})
    await perform('fetch-queue-by-id', { queueId })
    await perform('update-queue', { queueId, status: 'active', timeSlots: [{ dayOfWeek: 2, time: '10:30' }] })
    const item = await perform('create-queue-item', { queueId, modifiedPostPayload: { summary: 'Tip' }, directToQueue: true })
    const itemId = text(item, 'queueItem', '_id')
    const fromPost = text(await perform('fetch-queue-items', { queueId }), 'items', 0, '_id')
    await perform('fetch-slots', { queueId })
    await perform('fetch-calendar-list', SOON)
    await perform('update-queue-item', { queueId, itemId, modifiedPostPayload: { summary: 'Better tip' } })
    await perform('reset-queue-item', { queueId, itemId: fromPost })
    const sessionId = text(await perform('start-edit-session', { queueId }), 'sessionId')
    await perform('fetch-edit-session-calendar', { queueId, sessionId, ...SOON })
    await perform('clone-queue-item', { queueId, itemId, sessionId, order: 500 })
    await perform('save-edit-session', { queueId, sessionId })
    const again = text(await perform('start-edit-session', { queueId }), 'sessionId')
    await perform('discard-edit-session', { queueId, sessionId: again })
    await perform('delete-current-active-post-and-schedule-next', { postId: published?._id })
    await perform('delete-queue-item', { queueId, itemId })

    const comment = state?.comments.find((one) => one.locationId === locationId)
    const platform = 'facebook'
    await perform('get-comment-list', { platform, originIds: [comment?.originId] })
    await perform('create-comment', { platform, parentId: comment?._id, isParentThread: false, content: 'Thank you!' })
    await perform('create-like', { platform, id: comment?._id })
    await perform('delete-like', { platform, id: comment?._id })

    for (const [network, [list, attach]] of Object.entries(ATTACH)) {
      const signedIn = [{ action: 'sign-in-to-network', with: { locationId, platform: network } }]
      await perform('fetch-queues', {}, signedIn)
      const login = state?.oauthSessions.findLast((one) => one.platform === network)
      const offer = login?.offers[0]
      const accountId = login?.id
      await perform(list, { accountId })
      await perform('get-oauth-accounts', { platform: network, accountId })
      const body = {
        originId: offer?.id,
        name: offer?.name,
        pageId: offer?.id,
        location: { name: `accounts/${offer?.id ?? ''}` },
        account: { name: 'accounts/1' },
      }
      if (attach !== undefined) await perform(attach, { accountId, ...body })
      if (network === 'facebook')
        await perform('attach-oauth-accounts', { platform: network, accountId, originId: offer?.id, name: offer?.name, type: 'page' })
    }

    expect(wrong).toEqual([])
    const connectedOrNewer = [...indexRows().values()].filter(
      ({ id, path, isV3 }) => !(id in BLOCKED) && (isV3 || path.includes('/oauth/')),
    )
    const ids = connectedOrNewer.flatMap(({ module, id }) => (module === MODULE ? [`highlevel.${id}`] : []))
    expect(ids.filter((id) => !performed.has(id))).toEqual([])
    expect(ids.length).toBeGreaterThan(30)
  },
)
