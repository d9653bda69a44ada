import { z } from 'zod'
import { maybeText } from './lenient.ts'

/** Media types a post may carry (CONFIRMED for v3; whether scheduled posts of the dated generation take more than JPEG is ASSUMED). */
const MEDIA_TYPES = ['image/jpeg', 'image/jpg', 'image/png', 'image/gif', 'video/mp4', 'video/mov', 'video/webm'] as const
export type MediaType = (typeof MEDIA_TYPES)[number]

const BY_ENDING: Record<string, MediaType> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  mp4: 'video/mp4',
  mov: 'video/mov',
  webm: 'video/webm',
}
const isMediaType = (text: string): text is MediaType => MEDIA_TYPES.some((type) => type === text)

/**
 * The media type to send for a file. Reading a post answers `image` or `video` where writing wants the exact type (REPORTED), so it is
 * turned back by the ending of the address; JPEG and MP4 when that tells nothing.
 */
export function mediaTypeOf(url: string, told?: string): MediaType {
  if (told !== undefined && isMediaType(told)) return told
  const ending = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase()
  const byEnding = ending === undefined ? undefined : BY_ENDING[ending]
  if (byEnding !== undefined && (told === undefined || byEnding.startsWith(told.split('/')[0] ?? told))) return byEnding
  return told?.startsWith('video') === true ? 'video/mp4' : 'image/jpeg'
}

export const MediaInput = z
  .object({
    url: z.url().meta({ title: 'Address', description: 'Public https address of the image or video.' }),
    type: z
      .enum(MEDIA_TYPES)
      .optional()
      .meta({ title: 'Media type', description: 'Left empty, it follows from the ending of the address.' }),
    caption: z.string().optional().meta({ title: 'Caption' }),
    thumbnail: z.url().optional().meta({ title: 'Cover of a video', advanced: true }),
  })
  .meta({ title: 'Image or video' })

export const Media = z
  .object({
    url: z.string().meta({ title: 'Address' }),
    type: z.string().optional().meta({ title: 'Kind', description: 'As HighLevel answers it: often only image or video.' }),
    caption: z.string().optional().meta({ title: 'Caption' }),
    thumbnail: z.string().optional().meta({ title: 'Cover' }),
    id: z.string().optional().meta({ title: 'File id' }),
  })
  .meta({ title: 'Image or video' })
export type Media = z.output<typeof Media>

export const MediaReply = z
  .looseObject({ url: maybeText, type: maybeText, caption: maybeText, thumbnail: maybeText, id: maybeText })
  .transform((item): Media => ({ url: item.url ?? '', type: item.type, caption: item.caption, thumbnail: item.thumbnail, id: item.id }))

/** The media member of a post as HighLevel wants it written. */
export const mediaBody = (
  items: readonly {
    url: string
    type?: string | undefined
    caption?: string | undefined
    thumbnail?: string | undefined
    id?: string | undefined
  }[],
) =>
  items.map((item) => ({
    url: item.url,
    type: mediaTypeOf(item.url, item.type),
    ...(item.caption ? { caption: item.caption } : {}),
    ...(item.thumbnail ? { thumbnail: item.thumbnail } : {}),
    ...(item.id ? { id: item.id } : {}),
  }))
