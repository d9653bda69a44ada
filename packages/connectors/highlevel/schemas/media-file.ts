import { z } from 'zod'
import { listOf, maybe, maybeText } from './lenient.ts'

export const MediaFile = z
  .object({
    id: z.string().meta({ title: 'File id' }),
    name: z.string().meta({ title: 'Name' }),
    url: z.string().optional().meta({ title: 'Address' }),
    type: z.string().optional().meta({ title: 'Kind' }),
    parentId: z.string().optional().meta({ title: 'Folder id' }),
    createdAt: z.string().optional().meta({ title: 'Created at' }),
  })
  .meta({ title: 'File' })
export type MediaFile = z.output<typeof MediaFile>

const FileItem = z
  .looseObject({
    _id: maybeText,
    id: maybeText,
    altId: maybeText,
    name: maybeText,
    url: maybeText,
    path: maybeText,
    type: maybeText,
    contentType: maybeText,
    parentId: maybeText,
    createdAt: maybeText,
  })
  .transform((item): MediaFile => ({
    id: item['_id'] ?? item.id ?? '',
    name: item.name ?? '',
    url: item.url ?? item.path,
    type: item.contentType ?? item.type,
    parentId: item.parentId,
    createdAt: item.createdAt,
  }))

/** The vendor's file says a list of texts; it is a list of objects (REPORTED). Entries of another shape are dropped. */
export const FilesReply = z.looseObject({ files: listOf(z.unknown()) }).transform((reply) =>
  reply.files.flatMap((item) => {
    const parsed = FileItem.safeParse(item)
    return parsed.success && parsed.data.id !== '' ? [parsed.data] : []
  }),
)

export const UploadedReply = z.looseObject({ fileId: z.string(), url: maybe(z.string()) })

export const mediaFileSample: MediaFile = {
  id: '66f3aa11bb22cc33dd44ee41',
  name: 'panels.jpg',
  url: 'https://storage.example/panels.jpg',
  type: 'image/jpeg',
}
