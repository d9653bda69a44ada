import { path } from '@couplet/connector-sdk'
import { z } from 'zod'
import type { HighlevelCall } from '../connection.ts'
import { vendor } from '../connector.ts'
import { locationTagMark } from '../location-tag-mark.ts'
import { readLocationTags } from '../reads/location-tags.ts'
import { isSameName, LocationTag, LocationTagReply, locationTagSample } from '../schemas/location-tag.ts'
import { DATED } from '../version-headers.ts'
import { notFound } from '../refusals.ts'

const findByName = async (call: HighlevelCall, name: string) => (await readLocationTags(call)).find((tag) => isSameName(tag.name, name))

export const locationTagCreate = vendor.action({
  id: 'highlevel.location-tag.create',
  version: 1,
  title: 'Create a location tag',
  summary: 'Makes sure a tag with this name exists in the sub-account. One that is there already is used.',
  phrase: 'create a location tag in {connection}',
  group: 'Tags of the sub-account',
  facts: [{ mark: 'CONFIRMED', text: 'This makes a tag for contacts. Tags of the Social Planner cannot be made by API.' }],
  scopes: ['locations/tags.write', 'locations/tags.readonly'],
  input: z.object({ name: z.string().trim().min(1).max(200).meta({ title: 'Name' }) }),
  output: LocationTag.extend({ isNew: z.boolean().meta({ title: 'Is new' }) }),
  samples: [{ ...locationTagSample, isNew: true }],
  rejects: [{ input: { name: '  ' }, because: 'a tag has a name' }],
  leaves: ({ connection, output }) => [locationTagMark(connection.locationId, output)],
  calls: 2,
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'A tag with this name is what the step wants.',
    async lookup(call) {
      const found = await findByName(call, call.input.name)
      return found && { ...found, isNew: true }
    },
  },
  async run(call) {
    const { input, connection, http } = call
    const existing = await findByName(call, input.name)
    if (existing) return { ...existing, isNew: false }
    const tag =
      (await http({
        method: 'POST',
        path: path`/locations/${connection.locationId}/tags`,
        headers: DATED,
        body: { name: input.name },
        reply: LocationTagReply,
      })) ?? (await findByName(call, input.name))
    if (!tag) throw notFound('HighLevel accepted the tag but does not list it.')
    return { ...tag, isNew: true }
  },
})
