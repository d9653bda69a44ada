import { z } from 'zod'
import { addMedia, findMedia } from '../add-media.ts'
import { vendor } from '../connector.ts'
import { MediaFile, mediaFileSample } from '../schemas/media-file.ts'

export const mediaUploadFromUrl = vendor.action({
  id: 'highlevel.media.upload-from-url',
  version: 1,
  title: 'Add a file to the media library by its address',
  summary: 'HighLevel fetches the file from a public address and keeps it. Its new address works in posts.',
  phrase: 'add a file to the media library of {connection}',
  group: 'Media library',
  facts: [{ mark: 'REPORTED', text: 'Instagram may refuse images on foreign hosts; files of the media library are accepted.' }],
  scopes: ['medias.write', 'medias.readonly'],
  input: z.object({
    fileUrl: z.url({ protocol: /^https?$/ }).meta({ title: 'Address' }),
    name: z.string().trim().min(1).max(200).meta({ title: 'Name', description: 'Unique, so that the file can be found again.' }),
    parentId: z.string().min(1).optional().meta({ title: 'Folder id', advanced: true }),
  }),
  output: MediaFile,
  samples: [mediaFileSample],
  rejects: [{ input: { fileUrl: 'ftp://x.example/a.jpg', name: 'a.jpg' }, because: 'HighLevel fetches web addresses' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A file of this name in the folder that was made after this one was sent is taken to be the one.',
    lookup: (call) => findMedia(call, call.input),
  },
  timeout: '120 s',
  run: (call) =>
    addMedia(call, { name: call.input.name, parentId: call.input.parentId, form: { hosted: 'true', fileUrl: call.input.fileUrl } }),
})
