import { z } from 'zod'
import { builtin } from '../connector.ts'
import { ArtifactName, published, samplePublished } from '../schemas/artifact.ts'

/** HTML is left out on purpose: a page made from vendor data would run under Couplet's own address. */
const TYPES = ['text/plain', 'text/csv', 'application/json'] as const

export const artifactPublishText = builtin.action({
  id: 'builtin.artifact.publish-text',
  version: 1,
  title: 'Publish a text file',
  summary: 'Puts text under a stable public address that cannot be guessed. Whoever has the address can read it.',
  phrase: 'publish a text file',
  group: 'Reports',
  scopes: [],
  input: z.object({
    name: ArtifactName,
    contentType: z.enum(TYPES).default('text/plain').meta({ title: 'Kind' }),
    text: z.string().max(5_000_000).meta({ title: 'Text', multiline: true }),
  }),
  output: z.object({ ...published, sizeBytes: z.int().meta({ title: 'Size in bytes' }) }),
  samples: [{ ...samplePublished, sizeBytes: 120 }],
  rejects: [
    { input: { name: '../x', text: '' }, because: 'a name begins with a letter or digit' },
    { input: { name: 'page', text: '<p>', contentType: 'text/html' }, because: 'a page would run under the address of Couplet' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'the same name and text give the same address and content' },
  run: ({ input, host }) =>
    host.artifacts.publish({ name: input.name, contentType: input.contentType, bytes: new TextEncoder().encode(input.text) }),
})
