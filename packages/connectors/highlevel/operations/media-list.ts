import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readMediaFiles } from '../reads/media-files.ts'
import { MediaFile, mediaFileSample } from '../schemas/media-file.ts'

export const mediaList = vendor.action({
  id: 'highlevel.media.list',
  version: 1,
  title: 'List media files',
  summary: 'Reads a page of the files or folders of the media library, newest first.',
  phrase: 'list media files of {connection}',
  group: 'Media library',
  scopes: ['medias.readonly'],
  input: z.object({
    type: z.enum(['file', 'folder']).default('file').meta({ title: 'Files or folders' }),
    query: z.string().optional().meta({ title: 'Search for' }),
    parentId: z.string().min(1).optional().meta({ title: 'In the folder (id)' }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(50).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ files: z.array(MediaFile).meta({ title: 'Files' }) }),
  samples: [{ files: [mediaFileSample] }],
  rejects: [{ input: { type: 'video' }, because: 'there are files and folders' }],
  effect: { kind: 'read' },
  run: async (call) => ({ files: await readMediaFiles(call, call.input) }),
})
