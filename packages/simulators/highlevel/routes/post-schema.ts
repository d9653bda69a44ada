import { z } from 'zod'
import { amount, anyObject, flag, isoDate, listOf, numberString, oneOf, text } from '../schema.ts'

/** Bodies of the post operations (contract, sections 4 and 5). */

const STATUSES = [
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
export const MIME_TYPES: readonly string[] = ['image/jpeg', 'image/jpg', 'image/png', 'image/gif', 'video/mp4', 'video/mov', 'video/webm']
const LIST_TYPES = ['recent', 'all', 'scheduled', 'draft', 'failed', 'in_review', 'published', 'in_progress', 'deleted'] as const

const search = {
  accounts: text().optional(),
  skip: numberString(),
  limit: numberString(),
  fromDate: isoDate(),
  toDate: isoDate(),
  includeUsers: text(),
  postType: oneOf('post', 'story', 'reel').optional(),
}
export const SearchPost = z.strictObject({ type: oneOf(...LIST_TYPES).optional(), ...search })
export const SearchPostV3 = z.strictObject({ type: oneOf(...LIST_TYPES, 'pending').optional(), ...search })

const media = { url: text(), caption: text().optional(), thumbnail: text().optional(), id: text().optional() }
const MediaV2 = z.strictObject({ ...media, type: text().optional(), defaultThumb: text().optional() })
const MediaV3 = z.strictObject({
  ...media,
  type: text(),
  altText: text().optional(),
  originalUrl: text().optional(),
  watermarkedUrl: text().optional(),
  optimizedUrl: text().optional(),
  optimizedType: text().optional(),
  isModified: flag().optional(),
})

const Approval = z.strictObject({
  approver: text().optional(),
  requesterNote: text().optional(),
  approverNote: text().optional(),
  approvalStatus: oneOf('pending', 'approved', 'rejected', 'not_required').optional(),
})
const Tiktok = z.strictObject({
  privacyLevel: oneOf('PUBLIC_TO_EVERYONE', 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY').optional(),
  promoteOtherBrand: flag().optional(),
  enableComment: flag().optional(),
  enableDuet: flag().optional(),
  enableStitch: flag().optional(),
  videoDisclosure: flag().optional(),
  promoteYourBrand: flag().optional(),
})
const day = z.strictObject({ year: amount(), month: amount(), day: amount() }).optional()
const time = z.strictObject({ hours: amount(), minutes: amount(), seconds: amount() }).optional()
const Gmb = z.strictObject({
  gmbEventType: oneOf('STANDARD', 'EVENT', 'OFFER').optional(),
  title: text().optional(),
  offerTitle: text().optional(),
  startDate: z.strictObject({ startDate: day, startTime: time }).optional(),
  endDate: z.strictObject({ endDate: day, endTime: time }).optional(),
  termsConditions: text().optional(),
  url: text().optional(),
  couponCode: text().optional(),
  redeemOnlineUrl: text().optional(),
  actionType: oneOf('none', 'order', 'book', 'shop', 'learn_more', 'call', 'sign_up').optional(),
})

const common = {
  accountIds: listOf(text()),
  type: oneOf('post', 'story', 'reel'),
  userId: text(),
  summary: text().optional(),
  media: listOf(MediaV2).optional(),
  status: oneOf(...STATUSES).optional(),
  scheduleDate: isoDate().optional(),
  createdBy: text().optional(),
  followUpComment: text().optional(),
  ogTagsDetails: z.strictObject({ metaImage: text().optional(), metaLink: text().optional() }).optional(),
  postApprovalDetails: Approval.optional(),
  scheduleTimeUpdated: flag().optional(),
  tags: listOf(text()).optional(),
  categoryId: text().optional(),
  tiktokPostDetails: Tiktok.optional(),
  gmbPostDetails: Gmb.optional(),
}

export const CreatePost = z.strictObject(common)
/** The v2 edit schema requires only `type`. */
export const EditPost = z.strictObject({ ...common, accountIds: listOf(text()).optional(), userId: text().optional() })
/** v3 create and edit: accountIds, type and userId required. */
export const CreatePostV3 = z.strictObject({
  ...common,
  media: listOf(MediaV3).optional(),
  ogTagsDetails: z
    .strictObject({
      metaImage: text().optional(),
      metaLink: text().optional(),
      ogTitle: text().optional(),
      ogDescription: text().optional(),
    })
    .optional(),
  selectedBestTime: isoDate().optional(),
  applyWatermark: flag().optional(),
  linkedinPostDetails: anyObject().optional(),
  pinterestPostDetails: anyObject().optional(),
  facebookPostDetails: anyObject().optional(),
  instagramPostDetails: anyObject().optional(),
  youtubePostDetails: anyObject().optional(),
})

export type PostBody = z.infer<typeof EditPost> | z.infer<typeof CreatePostV3>
