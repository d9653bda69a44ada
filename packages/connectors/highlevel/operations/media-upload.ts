import { z } from 'zod'
import { addMedia, findMedia } from '../add-media.ts'
import { vendor } from '../connector.ts'
import { refuse } from '../refusals.ts'
import { MediaFile, mediaFileSample } from '../schemas/media-file.ts'

/** The vendor takes 25 MB (CONFIRMED); base64 is a third longer. */
const CONTENT_CHARS_MAX = 34_000_000

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0))
  } catch {
    throw refuse({
      code: 'highlevel.not_base64',
      message: 'The content is not base64.',
      hint: 'Choose "text", or hand over base64 without any prefix.',
      fields: { content: 'not base64' },
    })
  }
}

export const mediaUpload = vendor.action({
  id: 'highlevel.media.upload',
  version: 1,
  title: 'Add a file to the media library',
  summary: 'Puts text or base64 content into the media library as a file.',
  phrase: 'add a file to the media library of {connection}',
  group: 'Media library',
  facts: [{ mark: 'CONFIRMED', text: 'Files up to 25 MB.' }],
  scopes: ['medias.write', 'medias.readonly'],
  input: z.object({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .meta({ title: 'File name', description: 'Unique, so that the file can be found again.', examples: ['report-2026-03.pdf'] }),
    contentType: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+$/, 'Write it as image/png.')
      .meta({ title: 'Content type', examples: ['image/png', 'application/pdf', 'text/csv'] }),
    encoding: z.enum(['text', 'base64']).default('text').meta({ title: 'Content is' }),
    content: z.string().min(1).max(CONTENT_CHARS_MAX).meta({ title: 'Content', multiline: true }),
    parentId: z.string().min(1).optional().meta({ title: 'Folder id', advanced: true }),
  }),
  output: MediaFile,
  samples: [mediaFileSample],
  rejects: [
    { input: { name: 'a', contentType: 'png', content: 'x' }, because: 'a content type has two parts' },
    { input: { name: 'a', contentType: 'image/png', content: '' }, because: 'there is nothing to keep' },
  ],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A file of this name in the folder that was made after this one was sent is taken to be the one.',
    lookup: (call) => findMedia(call, call.input),
  },
  timeout: '120 s',
  run(call) {
    const { name, contentType, encoding, content, parentId } = call.input
    return addMedia(call, {
      name,
      parentId,
      files: [{ name: 'file', filename: name, contentType, content: encoding === 'text' ? content : bytesOf(content) }],
    })
  },
})
