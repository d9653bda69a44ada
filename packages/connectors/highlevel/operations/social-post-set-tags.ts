import { echoMark, pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { vendor } from '../connector.ts'
import { editBody, refuseUneditable } from '../edit-body.ts'
import { readPost } from '../reads/posts.ts'
import { writePost } from '../write-post.ts'

type Mode = 'add' | 'remove' | 'replace'

/** The tags a post has afterwards, each once, in a stable order: those it had first. */
export function tagsAfter(had: readonly string[], tags: readonly string[], mode: Mode): string[] {
  if (mode === 'replace') return [...new Set(tags)]
  if (mode === 'remove') return had.filter((id) => !tags.includes(id))
  return [...new Set([...had, ...tags])]
}

const isSameSet = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id) => b.includes(id))

export const socialPostSetTags = vendor.action({
  id: 'highlevel.social-post.set-tags',
  version: 1,
  title: 'Set the tags of a post',
  summary: 'Adds, removes or replaces existing Social Planner tags on a post that is not published yet. It cannot make new tags.',
  phrase: 'set the tags of a post in {connection}',
  group: 'Social Planner',
  facts: [
    { mark: 'CONFIRMED', text: 'A post holds tag ids, and tags themselves cannot be created by API.' },
    {
      mark: 'CONFIRMED',
      text: 'HighLevel replaces the whole post; Couplet reads it, changes only the tags, and writes all of it back. Nothing is sent when the tags are right already.',
    },
    { mark: 'REPORTED', text: 'Published posts cannot be changed.' },
  ],
  scopes: ['socialplanner/post.readonly', 'socialplanner/post.write', 'socialplanner/tag.readonly'],
  input: z.object({
    id: pick('posts').meta({ title: 'Post' }),
    tags: z.array(pick('tags')).max(200).meta({ title: 'Tags' }),
    mode: z.enum(['add', 'remove', 'replace']).default('add').meta({ title: 'How' }),
  }),
  output: z.object({
    id: z.string().meta({ title: 'Post id' }),
    status: z.string().meta({ title: 'Status' }),
    tagIds: z.array(z.string()).meta({ title: 'Tag ids now' }),
    isChanged: z.boolean().meta({ title: 'Was changed' }),
  }),
  samples: [{ id: '66f1aa11bb22cc33dd44ee21', status: 'scheduled', tagIds: ['66f0aa11bb22cc33dd44ee01'], isChanged: true }],
  rejects: [{ input: { id: 'p', tags: ['t'], mode: 'toggle' }, because: 'there are three ways only' }],
  leaves: ({ connection, output }) => [echoMark(`hl.post:${connection.locationId}:${output.id}`, 'tags', output.tagIds.toSorted())],
  // What "add" and "remove" lead to is known only when the post has been read.
  foresees: ({ connection, input }) =>
    input.mode === 'replace' ? [echoMark(`hl.post:${connection.locationId}:${input.id}`, 'tags', [...new Set(input.tags)].toSorted())] : [],
  calls: 3,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'The post shows whether it has these tags.',
    async lookup(call) {
      const post = await readPost(call, call.input.id)
      const wanted = tagsAfter(post.tags, call.input.tags, call.input.mode)
      return isSameSet(post.tags, wanted) ? { id: post.id, status: post.status ?? '', tagIds: post.tags, isChanged: true } : undefined
    },
  },
  async run(call) {
    const { input } = call
    const post = await readPost(call, input.id)
    const wanted = tagsAfter(post.tags, input.tags, input.mode)
    if (isSameSet(post.tags, wanted)) return { id: post.id, status: post.status ?? '', tagIds: post.tags, isChanged: false }
    refuseUneditable(post)
    await writePost(call, input.id, editBody(post, { tags: wanted }))
    const after = await readPost(call, input.id)
    return { id: after.id, status: after.status ?? '', tagIds: after.tags, isChanged: true }
  },
})
