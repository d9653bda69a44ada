import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { postBody, postFields } from './post-input.ts'
import { PostType } from './post.ts'

/** The queue itself decides when an item goes out, and asks nobody. */
const { scheduleDate: _scheduleDate, postApprovalDetails: _approval, ...content } = postFields

/** An edit session holds changes back until it is saved; without one they count at once. */
export const sessionField = z
  .string()
  .min(1)
  .optional()
  .meta({ title: 'Edit session', description: 'From "Begin to edit a queue". Empty: the change counts at once.', advanced: true })

/** What a queue item will post; what is left empty stays as it is. */
export const itemFields = {
  accountIds: z.array(pick('accounts')).max(50).optional().meta({ title: 'Accounts' }),
  type: PostType.optional().meta({ title: 'Kind' }),
  userId: pick('users').optional().meta({ title: 'In the name of', advanced: true }),
  ...content,
  variations: z
    .array(z.string().min(1))
    .max(20)
    .optional()
    .meta({ title: 'Other texts', description: 'HighLevel takes them in turn when the item comes round again.' }),
  primaryImage: z.url().optional().meta({ title: 'Main image', advanced: true }),
}
const Fields = z.object(itemFields)
type ItemFields = z.output<typeof Fields>

/** The members of a request about an item's content; those not given are absent. */
export function itemBody(fields: ItemFields): Record<string, unknown> {
  const { accountIds, type, userId, variations, primaryImage, ...post } = fields
  const payload = {
    ...postBody(post),
    ...(accountIds === undefined ? {} : { accountIds }),
    ...(type === undefined ? {} : { type }),
    ...(userId === undefined ? {} : { userId, createdBy: userId }),
  }
  return {
    ...(Object.keys(payload).length === 0 ? {} : { modifiedPostPayload: payload }),
    ...(variations === undefined ? {} : { variations: variations.map((text) => ({ content: text })) }),
    ...(primaryImage === undefined ? {} : { primaryImage }),
  }
}

/** Whether the fields say anything to post. */
export const hasContent = (fields: Partial<ItemFields>): boolean =>
  Boolean(fields.summary) || (fields.media?.length ?? 0) > 0 || fields.linkedinPostDetails?.poll !== undefined
