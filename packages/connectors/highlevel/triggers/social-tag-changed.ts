import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { allTags, tagPage } from '../reads/tags.ts'
import { notFound } from '../refusals.ts'
import { SocialTag, tagSample } from '../schemas/tag.ts'

const TagChange = z.object({
  change: z
    .enum(['created', 'changed', 'removed', 'chosen'])
    .meta({ title: 'What happened', description: 'chosen: a person started the run with this tag.' }),
  tag: SocialTag.meta({ title: 'Tag' }),
  previousName: z.string().optional().meta({ title: 'Name before' }),
  locationId: z.string().meta({ title: 'Location id' }),
})

export const socialTagChanged = vendor.trigger({
  id: 'highlevel.social-tag.changed',
  version: 1,
  title: 'Social tag created, renamed or removed',
  summary: 'Starts when a tag of the Social Planner appears, changes or goes.',
  phrase: 'a social tag is created, renamed or removed in {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: 'HighLevel has no event for it and no list by time, so Couplet reads all tags and compares.' },
    {
      mark: 'ASSUMED',
      text: 'Whether deleted tags stay listed is unknown: a tag counts as removed when it is marked so, or missing in two complete readings.',
    },
  ],
  scopes: ['socialplanner/tag.readonly'],
  input: z.object({}),
  output: TagChange,
  samples: [
    { change: 'changed', tag: tagSample, previousName: 'spring', locationId: 'LocNorthgateSolar001' },
    { change: 'created', tag: tagSample, locationId: 'LocNorthgateSolar001' },
  ],
  poll: {
    mode: 'scan',
    every: '5 m',
    async page(call) {
      const { tags, next } = await tagPage(call, { skip: call.cursor })
      return next === undefined ? { items: tags } : { items: tags, next }
    },
    id: (tag) => tag.id,
    content: (tag) => ({ tag: tag.name, deleted: tag.isDeleted, updatedAt: tag.updatedAt ?? null }),
    isRemoved: (tag) => tag.isDeleted,
    fact: ({ change, item, previous, hash, revision, connection, now }) => ({
      key: `hl.tag:${connection.locationId}:${item.id}:${hash}:${revision}`,
      at: change === 'removed' ? now : (item.updatedAt ?? now),
      data: {
        change,
        tag: item,
        previousName: previous !== undefined && previous.name !== item.name ? previous.name : undefined,
        locationId: connection.locationId,
      },
    }),
  },
  byHand: {
    title: 'Start with a tag',
    pick: z.object({ tagId: pick('tags').meta({ title: 'Tag' }) }),
    async fact(call) {
      const tag = (await allTags(call)).find((item) => item.id === call.picked['tagId'])
      if (!tag) throw notFound('HighLevel does not list this tag any more.')
      return {
        key: `hl.tag:${call.connection.locationId}:${tag.id}:chosen:${call.runKey}`,
        at: call.now,
        data: { change: 'chosen' as const, tag, locationId: call.connection.locationId },
      }
    },
  },
})
