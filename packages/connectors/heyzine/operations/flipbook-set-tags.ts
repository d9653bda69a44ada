import { echoMark } from '@couplet/connector-sdk'
import { z } from 'zod'
import { heyzine } from '../connector.ts'
import { DoneReply } from '../schemas/done.ts'
import { FlipbookId, SAMPLE_ID } from '../schemas/flipbook.ts'
import { TagList, tagsFromText, tagsToText } from '../schemas/tags.ts'

export const flipbookSetTags = heyzine.action({
  id: 'heyzine.flipbook.set-tags',
  version: 1,
  title: 'Set the tags of a flipbook',
  summary: 'Replaces all tags of a flipbook by the given list. To keep tags made by others, read the flipbook and merge first.',
  phrase: 'set the tags of a flipbook in {connection}',
  group: 'Flipbooks',
  facts: [
    { mark: 'CONFIRMED', text: 'Tags are plain labels in one text; colons are fine.' },
    { mark: 'ASSUMED', text: 'A comma inside a tag cannot be expressed, and the last tag cannot be removed.' },
  ],
  scopes: [],
  input: z.object({ id: FlipbookId, tags: TagList }),
  output: z.object({
    id: z.string().meta({ title: 'Flipbook id' }),
    tags: z.array(z.string()).meta({ title: 'Tags as set' }),
    tagsText: z.string().meta({ title: 'Tags as text' }),
  }),
  samples: [{ id: SAMPLE_ID, tags: ['ghl', 'ghl:spring-launch'], tagsText: 'ghl,ghl:spring-launch' }],
  rejects: [
    { input: { id: SAMPLE_ID, tags: [] }, because: 'Heyzine ignores an empty list' },
    { input: { id: SAMPLE_ID, tags: [','] }, because: 'no tag is left' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'sets the whole list of tags' },
  leaves: ({ output }) => [echoMark(`hz.flipbook:${output.id}`, 'tags', output.tags.toSorted())],
  foresees: ({ input }) => [echoMark(`hz.flipbook:${input.id}`, 'tags', tagsFromText(tagsToText(input.tags)).toSorted())],
  async run({ input, http }) {
    const tagsText = tagsToText(input.tags)
    await http({ method: 'PATCH', path: '/flipbook-design', body: { id: input.id, tags: tagsText }, reply: DoneReply })
    return { id: input.id, tags: tagsFromText(tagsText), tagsText }
  },
})
