import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText, results } from './lenient.ts'
import { Media, MediaReply } from './media.ts'

/** Where a post stands (CONFIRMED; `pending` in v3 only). */
const POST_STATUSES = [
  'draft',
  'scheduled',
  'in_review',
  'published',
  'in_progress',
  'pending',
  'failed',
  'notification_sent',
  'deleted',
] as const
const PostStatus = z.enum(POST_STATUSES)
export const PostType = z.enum(['post', 'story', 'reel'])

const Author = z.object({ id: z.string().optional(), name: z.string().optional(), email: z.string().optional() })

export const Post = z
  .object({
    id: z.string().meta({ title: 'Post id' }),
    parentId: z
      .string()
      .meta({ title: 'Id of the whole post', description: 'A post to several accounts has one part for each; delete by this id.' }),
    status: PostStatus.or(z.string()).meta({ title: 'Status' }),
    type: PostType.or(z.string()).meta({ title: 'Type' }),
    summary: z.string().meta({ title: 'Text' }),
    accountIds: z
      .array(z.string())
      .meta({ title: 'Account ids', description: 'Which networks: look the accounts up. HighLevel\'s own "platform" is unreliable.' }),
    tagIds: z.array(z.string()).meta({ title: 'Tag ids' }),
    categoryId: z.string().optional().meta({ title: 'Category id' }),
    media: z.array(Media).meta({ title: 'Images and videos' }),
    plannedFor: z.string().optional().meta({ title: 'Planned for' }),
    publishedAt: z.string().optional().meta({ title: 'Published at' }),
    networkPostId: z.string().optional().meta({ title: 'Id on the network' }),
    error: z.string().optional().meta({ title: 'Why it failed' }),
    source: z.string().optional().meta({ title: 'Made with' }),
    createdBy: z.string().optional().meta({ title: 'Created by (user id)' }),
    author: Author.optional().meta({ title: 'Author' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
    updatedAt: z.string().optional().meta({ title: 'Changed at' }),
  })
  .meta({ title: 'Post' })
export type Post = z.output<typeof Post>

/** A post as HighLevel sends it. Members we do not name stay on it: editing must send them back (PUT replaces the whole post, CONFIRMED). */
export const PostReply = z
  .looseObject({
    _id: z.string(),
    parentPostId: maybeText,
    status: maybeText,
    type: maybeText,
    summary: maybeText,
    accountId: maybeText,
    accountIds: listOf(z.string()),
    tags: listOf(z.string()),
    categoryId: maybeText,
    media: listOf(MediaReply),
    displayDate: maybeText,
    scheduleDate: maybeText,
    publishedAt: maybeText,
    postId: maybeText,
    error: z
      .unknown()
      .optional()
      .transform((error) =>
        error === undefined || error === null || error === '' ? undefined : typeof error === 'string' ? error : JSON.stringify(error),
      ),
    source: maybeText,
    createdBy: maybeText,
    createdAt: maybeText,
    updatedAt: maybeText,
    followUpComment: maybeText,
    user: maybe(z.looseObject({ id: maybeText, title: maybeText, firstName: maybeText, lastName: maybeText, email: maybeText })),
    insights: maybe(z.looseObject({ like: maybeNumber, share: maybeNumber, comment: maybeNumber })),
  })
  .transform((post) => Object.assign({}, post, { id: post['_id'] }))
export type PostReply = z.output<typeof PostReply>

/** A post in our words. */
export function toPost(post: PostReply): Post {
  const name = [post.user?.firstName, post.user?.lastName].filter(Boolean).join(' ')
  return {
    id: post.id,
    parentId: post.parentPostId ?? post.id,
    status: post.status ?? '',
    type: post.type ?? 'post',
    summary: post.summary ?? '',
    accountIds: post.accountIds.length > 0 || post.accountId === undefined ? post.accountIds : [post.accountId],
    tagIds: post.tags,
    categoryId: post.categoryId,
    media: post.media,
    plannedFor: post.displayDate ?? post.scheduleDate,
    publishedAt: post.publishedAt,
    networkPostId: post.postId,
    error: post.error,
    source: post.source,
    createdBy: post.createdBy,
    author: post.user ? { id: post.user.id, name: name || post.user.title, email: post.user.email } : undefined,
    createdAt: post.createdAt,
    updatedAt: post.updatedAt,
  }
}

export const PostsReply = results(z.looseObject({ posts: listOf(PostReply), count: maybeNumber }))
export const OnePostReply = results(z.looseObject({ post: maybe(PostReply) }))
/** Creating a post may answer without `results` (REPORTED). */
export const CreatedPostReply = z
  .looseObject({ results: maybe(z.looseObject({ post: maybe(PostReply) })) })
  .transform((reply) => reply.results?.post)

export const postSample: Post = {
  id: '66f1aa11bb22cc33dd44ee21',
  parentId: '66f1aa11bb22cc33dd44ee21',
  status: 'published',
  type: 'post',
  summary: 'Solar panels pay for themselves. Ask us how.',
  accountIds: ['65aa01_LocNorthgate_112233_page'],
  tagIds: ['66f0aa11bb22cc33dd44ee01'],
  categoryId: '66f0aa11bb22cc33dd44ee11',
  media: [{ url: 'https://files.example/panels.jpg', type: 'image' }],
  plannedFor: '2026-03-10T09:00:00.000Z',
  publishedAt: '2026-03-10T09:00:12.000Z',
  networkPostId: '1122334455_998877',
  source: 'composer',
  createdBy: 'UsrDana0001',
  author: { id: 'UsrDana0001', name: 'Dana Whitlock', email: 'dana@example.com' },
  createdAt: '2026-03-09T16:20:00.000Z',
  updatedAt: '2026-03-10T09:00:12.000Z',
}
