import { pick } from '@couplet/connector-sdk'
import { z } from 'zod'
import { mediaBody, MediaInput } from './media.ts'
import {
  FacebookDetails,
  googleBody,
  GoogleDetails,
  InstagramDetails,
  LinkedinDetails,
  PinterestDetails,
  TiktokDetails,
  YoutubeDetails,
} from './post-details.ts'
import { PostType } from './post.ts'

/** States a person may give a post. `published` sends it out at once. */
export const WritableStatus = z.enum(['draft', 'scheduled', 'in_review', 'published'])

const LinkPreview = z
  .object({
    metaLink: z.url().optional().meta({ title: 'Address' }),
    metaImage: z.url().optional().meta({ title: 'Image' }),
    ogTitle: z.string().optional().meta({ title: 'Title' }),
    ogDescription: z.string().optional().meta({ title: 'Description' }),
  })
  .meta({ title: 'Link preview' })

const Approval = z
  .object({
    approver: pick('users').meta({ title: 'Approver' }),
    requesterNote: z.string().optional().meta({ title: 'Note to the approver' }),
  })
  .meta({ title: 'Approval' })

/** Members of a post a person fills in; create asks for some of them, edit for none. Names are the vendor's, so that refused fields are found. */
export const postFields = {
  summary: z.string().max(63_000).optional().meta({ title: 'Text', multiline: true }),
  media: z.array(MediaInput).max(20).optional().meta({ title: 'Images and videos' }),
  scheduleDate: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ title: 'Publish at', description: 'In the future; any time zone, sent as UTC.' }),
  tags: z.array(pick('tags')).optional().meta({ title: 'Tags' }),
  categoryId: pick('categories').optional().meta({ title: 'Category' }),
  followUpComment: z
    .string()
    .max(280)
    .optional()
    .meta({ title: 'First comment', description: 'Not on TikTok and Google Business.', advanced: true }),
  ogTagsDetails: LinkPreview.optional().meta({ title: 'Link preview', advanced: true }),
  postApprovalDetails: Approval.optional().meta({ title: 'Approval', advanced: true }),
  tiktokPostDetails: TiktokDetails.optional().meta({ title: 'TikTok', advanced: true }),
  gmbPostDetails: GoogleDetails.optional().meta({ title: 'Google Business', advanced: true }),
  linkedinPostDetails: LinkedinDetails.optional().meta({ title: 'LinkedIn', advanced: true }),
  pinterestPostDetails: PinterestDetails.optional().meta({ title: 'Pinterest', advanced: true }),
  facebookPostDetails: FacebookDetails.optional().meta({ title: 'Facebook', advanced: true }),
  instagramPostDetails: InstagramDetails.optional().meta({ title: 'Instagram', advanced: true }),
  youtubePostDetails: YoutubeDetails.optional().meta({ title: 'YouTube', advanced: true }),
  applyWatermark: z.boolean().optional().meta({ title: 'Apply the watermark', description: 'Images only.', advanced: true }),
}
const Fields = z.object(postFields)
export type PostFields = z.output<typeof Fields>

/** Rules that hold for a new post and need no vendor to check. */
export const CreatePostInput = z
  .object({
    accountIds: z.array(pick('accounts')).min(1).max(50).meta({ title: 'Accounts' }),
    userId: pick('users').meta({ title: 'In the name of', description: 'A person of the sub-account.' }),
    type: PostType.default('post').meta({ title: 'Kind' }),
    status: WritableStatus.default('draft').meta({
      title: 'What to do with it',
      description: 'draft: only save it. published: send it out at once.',
    }),
    ...postFields,
  })
  .refine((input) => (input.status !== 'scheduled' && input.status !== 'in_review') || input.scheduleDate !== undefined, {
    path: ['scheduleDate'],
    message: 'Choose when it shall be published.',
  })
  .refine((input) => input.status !== 'in_review' || input.postApprovalDetails !== undefined, {
    path: ['postApprovalDetails'],
    message: 'A post in review needs an approver.',
  })
  .refine(
    (input) =>
      input.status === 'draft' || Boolean(input.summary) || (input.media?.length ?? 0) > 0 || input.linkedinPostDetails?.poll !== undefined,
    { path: ['summary'], message: 'Write a text or add an image.' },
  )
export type CreatePostInput = z.output<typeof CreatePostInput>

const V3_ONLY = [
  'linkedinPostDetails',
  'pinterestPostDetails',
  'facebookPostDetails',
  'instagramPostDetails',
  'youtubePostDetails',
  'applyWatermark',
] as const

/** True when the post has members the dated generation does not know; bodies are whitelisted there (REPORTED). */
export const needsV3 = (fields: PostFields): boolean =>
  V3_ONLY.some((name) => fields[name] !== undefined) ||
  fields.ogTagsDetails?.ogTitle !== undefined ||
  fields.ogTagsDetails?.ogDescription !== undefined

/** A time as HighLevel wants it: UTC with `Z` (REPORTED: anything else is refused). */
export const asUtc = (time: string): string => new Date(time).toISOString()

/** The members that were given, as HighLevel wants them written; those not given are absent. */
export function postBody(fields: PostFields): Record<string, unknown> {
  const { media, scheduleDate, gmbPostDetails, ...rest } = fields
  const given = Object.fromEntries(Object.entries(rest).filter(([name, value]) => value !== undefined && name in postFields))
  return {
    ...given,
    ...(media === undefined ? {} : { media: mediaBody(media) }),
    ...(scheduleDate === undefined ? {} : { scheduleDate: asUtc(scheduleDate) }),
    ...(gmbPostDetails === undefined ? {} : { gmbPostDetails: googleBody(gmbPostDetails) }),
  }
}
