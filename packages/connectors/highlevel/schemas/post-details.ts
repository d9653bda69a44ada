import { z } from 'zod'
import { pick } from '@couplet/connector-sdk'

/*
 * Blocks for single networks, as HighLevel takes them. TikTok and Google Business exist in both generations; LinkedIn, Pinterest,
 * Facebook, Instagram and YouTube in v3 only (CONFIRMED). Rules that need no vendor are checked here, the rest answers 422.
 */

const flag = (title: string) => z.boolean().optional().meta({ title })

export const TiktokDetails = z
  .object({
    privacyLevel: z.enum(['PUBLIC_TO_EVERYONE', 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY']).meta({ title: 'Who may watch' }),
    enableComment: flag('Allow comments'),
    enableDuet: flag('Allow duets'),
    enableStitch: flag('Allow stitches'),
    videoDisclosure: flag('Say that it promotes something'),
    promoteYourBrand: flag('Promotes the own brand'),
    promoteOtherBrand: flag('Promotes another brand'),
  })
  .refine((details) => !(details.privacyLevel === 'SELF_ONLY' && details.videoDisclosure === true), {
    path: ['videoDisclosure'],
    message: 'A video only you may watch cannot carry a disclosure.',
  })
  .refine((details) => details.videoDisclosure !== true || details.promoteYourBrand === true || details.promoteOtherBrand === true, {
    path: ['videoDisclosure'],
    message: 'Say whose brand it promotes: the own or another.',
  })
  .meta({ title: 'TikTok' })

const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/, 'Write 2026-05-01 or 2026-05-01T09:30.')
  .meta({ examples: ['2026-05-01T09:30'] })

export const GoogleDetails = z
  .object({
    gmbEventType: z.enum(['STANDARD', 'EVENT', 'OFFER']).default('STANDARD').meta({ title: 'Kind' }),
    title: z.string().max(58).optional().meta({ title: 'Title of the event' }),
    offerTitle: z.string().max(58).optional().meta({ title: 'Title of the offer' }),
    startsAt: localTime.optional().meta({ title: 'Starts at', description: 'In the time of the place.' }),
    endsAt: localTime.optional().meta({ title: 'Ends at', description: 'In the time of the place.' }),
    termsConditions: z.string().optional().meta({ title: 'Terms' }),
    couponCode: z.string().optional().meta({ title: 'Coupon code' }),
    redeemOnlineUrl: z.url().optional().meta({ title: 'Address to redeem at' }),
    actionType: z.enum(['none', 'order', 'book', 'shop', 'learn_more', 'call', 'sign_up']).default('none').meta({ title: 'Button' }),
    url: z.url().optional().meta({ title: 'Address of the button' }),
  })
  .refine((details) => details.gmbEventType !== 'EVENT' || (details.title && details.startsAt && details.endsAt), {
    path: ['title'],
    message: 'An event needs a title, a start and an end.',
  })
  .refine((details) => details.gmbEventType !== 'OFFER' || (details.offerTitle && details.startsAt && details.endsAt), {
    path: ['offerTitle'],
    message: 'An offer needs a title, a start and an end.',
  })
  .refine((details) => details.actionType === 'none' || details.actionType === 'call' || details.url, {
    path: ['url'],
    message: 'This button needs an address.',
  })
  .meta({ title: 'Google Business' })

/** HighLevel nests date and time under members of the same name (CONFIRMED). */
function moment(text: string) {
  const [day = '', time = '00:00:00'] = text.split('T')
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return { day: { year, month, day: date }, time: { hours, minutes, seconds } }
}

/** The Google block as HighLevel wants it written. */
export function googleBody({ startsAt, endsAt, ...details }: z.output<typeof GoogleDetails>) {
  const start = startsAt === undefined ? undefined : moment(startsAt)
  const end = endsAt === undefined ? undefined : moment(endsAt)
  return {
    ...details,
    ...(start ? { startDate: { startDate: start.day, startTime: start.time } } : {}),
    ...(end ? { endDate: { endDate: end.day, endTime: end.time } } : {}),
  }
}

export const LinkedinDetails = z
  .object({
    pdfTitle: z.string().max(100).default('').meta({ title: 'Title of the document' }),
    postAsPdf: z.boolean().default(false).meta({ title: 'Post the images as a document' }),
    poll: z
      .object({
        question: z.string().max(140).meta({ title: 'Question' }),
        options: z
          .array(z.object({ text: z.string().max(30).meta({ title: 'Answer' }) }))
          .min(2)
          .max(4)
          .meta({ title: 'Answers' }),
        settings: z.object({ duration: z.enum(['ONE_DAY', 'THREE_DAYS', 'SEVEN_DAYS', 'FOURTEEN_DAYS']).meta({ title: 'Runs for' }) }),
      })
      .optional()
      .meta({ title: 'Poll' }),
  })
  .meta({ title: 'LinkedIn' })

export const PinterestDetails = z
  .object({
    title: z.string().max(100).optional().meta({ title: 'Title' }),
    link: z.url().max(2048).optional().meta({ title: 'Link' }),
    pinterestBoards: z
      .array(
        z.object({
          accountId: pick('accounts').meta({ title: 'Account' }),
          boards: z.array(z.string()).min(1).max(25).meta({ title: 'Board ids' }),
        }),
      )
      .optional()
      .meta({ title: 'Boards', description: 'HighLevel cannot list boards (REPORTED): take their ids from Pinterest.' }),
  })
  .meta({ title: 'Pinterest' })

export const FacebookDetails = z.object({ type: PostKind('Facebook') }).meta({ title: 'Facebook' })

export const InstagramDetails = z
  .object({
    type: PostKind('Instagram'),
    collaborators: z.array(z.string()).max(3).optional().meta({ title: 'Collaborators', description: 'Up to 3 names.' }),
    showOnFeed: flag('Show a reel in the feed'),
  })
  .meta({ title: 'Instagram' })

export const YoutubeDetails = z
  .object({
    title: z.string().max(100).optional().meta({ title: 'Title' }),
    privacyLevel: z.enum(['private', 'public', 'unlisted']).optional().meta({ title: 'Who may watch' }),
    type: z.enum(['video', 'short']).meta({ title: 'Kind' }),
  })
  .meta({ title: 'YouTube' })

function PostKind(network: string) {
  return z.enum(['post', 'story', 'reel']).meta({ title: `Kind on ${network}` })
}
