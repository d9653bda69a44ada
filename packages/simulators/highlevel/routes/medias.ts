import { z } from 'zod'
import { invalid, refuse } from '../errors.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { downloadHosted, keepFile } from '../media-store.ts'
import { flat, LOCATION_TOKENS, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { oneOf, text } from '../schema.ts'
import { requireLocation } from '../auth.ts'

const field = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export const mediaOperations: readonly Operation[] = [
  operation({
    id: 'fetch-media-content',
    method: 'GET',
    path: '/medias/files',
    tokens: LOCATION_TOKENS,
    scopes: ['medias.readonly'],
    query: z.object({
      altType: oneOf('location'),
      altId: text(),
      sortBy: text(),
      sortOrder: oneOf('asc', 'desc'),
      type: text(),
      offset: text().optional(),
      limit: text().optional(),
      query: text().optional(),
      parentId: text().optional(),
      fetchAll: text().optional(),
    }),
    run: ({ context, query, origin }) => {
      const wanted = query.query?.toLowerCase() ?? ''
      const key = query.sortBy === 'name' ? 'name' : 'createdAt'
      const sign = query.sortOrder === 'asc' ? 1 : -1
      const files = inLocation(context.state.mediaFiles, query.altId)
        .filter((row) => row.name.toLowerCase().includes(wanted) && (query.parentId === undefined || row.parentId === query.parentId))
        .toSorted((one, other) => sign * one[key].localeCompare(other[key]))
      const page = query.fetchAll === 'true' ? files : pageOf(context, files, { skip: query.offset, limit: query.limit }, 20)
      return flat({
        files: page.map(({ id, locationId, name, path, contentType, bytes, parentId, createdAt }) => ({
          _id: id,
          id,
          altId: locationId,
          altType: 'location',
          name,
          parentId,
          url: `${origin}${path}`,
          path,
          contentType,
          size: bytes,
          createdAt,
          updatedAt: createdAt,
        })),
      })
    },
  }),
  operation({
    id: 'upload-media-content',
    method: 'POST',
    path: '/medias/upload-file',
    tokens: LOCATION_TOKENS,
    scopes: ['medias.write'],
    run: async ({ context, token, request, origin }) => {
      const form = await request.formData().catch(() => undefined)
      if (!form) throw refuse(400, 'Multipart: Boundary not found')
      const file = form.get('file')
      const isHosted = field(form, 'hosted') === 'true'
      if (isHosted && field(form, 'fileUrl') === '') throw invalid(['fileUrl should not be empty'])
      if (!isHosted && !(file instanceof File)) throw invalid(['file should not be empty'])
      const given =
        !isHosted && file instanceof File
          ? { bytes: new Uint8Array(await file.arrayBuffer()), contentType: file.type, name: file.name }
          : await downloadHosted(field(form, 'fileUrl'))
      const name = field(form, 'name')
      const row = keepFile(context, {
        locationId: token.locationId,
        parentId: field(form, 'parentId'),
        ...given,
        name: name === '' ? given.name : name,
      })
      return flat({ fileId: row.id, url: `${origin}${row.path}` })
    },
  }),
  operation({
    id: 'delete-media-content',
    method: 'DELETE',
    path: '/medias/:id',
    tokens: LOCATION_TOKENS,
    scopes: ['medias.write'],
    query: z.object({ altType: oneOf('location'), altId: text() }),
    run: ({ context, params, token }) => {
      const { state } = context
      const row = rowBy(state.mediaFiles, 'id', params['id'] ?? '')
      if (!row) throw refuse(400, 'File not found')
      requireLocation(context, token, row.locationId)
      state.mediaFiles = state.mediaFiles.filter((other) => other !== row)
      state.mediaContents = state.mediaContents.filter((content) => content.id !== row.id)
      return flat({})
    },
  }),
]
