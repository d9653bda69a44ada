import { isJsonObject } from '@couplet/core'
import { refuse } from '../errors.ts'
import { rowBy } from '../lookup.ts'
import type { Call } from '../operation.ts'
import type { MediaFile } from '../state.ts'
import type { Kept } from './kept-row.ts'

const filesOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])

function fileAt({ context, token }: Call, id: unknown): MediaFile {
  const file = rowBy(context.state.mediaFiles, 'id', String(id))
  if (!file || file.locationId !== token.locationId) throw refuse(400, 'File not found')
  return file
}

const rename = (file: MediaFile, name: unknown): void => {
  if (typeof name === 'string' && name !== '') file.name = name
}

/** Media files beyond listing and uploading: what is written shows in the list. */
export const keptMedias: Readonly<Record<string, Kept>> = {
  'medias.update-media-object': ({ call, asked }) => {
    const file = fileAt(call, asked.params['id'])
    rename(file, asked.body['name'])
    return { id: file.id, altId: file.locationId, altType: 'location', name: file.name }
  },
  'medias.bulk-update-media-objects': ({ call, asked }) => {
    const given = filesOf(asked.body['filesToBeUpdated'])
    const files = given.map(({ id }) => fileAt(call, id))
    for (const [index, file] of files.entries()) rename(file, given[index]?.['name'])
    return { altId: call.token.locationId, altType: 'location', filesToBeUpdated: files.map(({ id, name }) => ({ id, name })) }
  },
  'medias.bulk-delete-media-objects': ({ call, asked }) => {
    const { state } = call.context
    const gone = filesOf(asked.body['filesToBeDeleted']).map(({ _id: id }) => fileAt(call, id))
    state.mediaFiles = state.mediaFiles.filter((file) => !gone.includes(file))
    state.mediaContents = state.mediaContents.filter(({ id }) => gone.every((file) => file.id !== id))
    return {
      altId: call.token.locationId,
      altType: 'location',
      filesToBeDeleted: gone.map(({ id }) => ({ _id: id })),
      status: asked.body['status'],
    }
  },
}
