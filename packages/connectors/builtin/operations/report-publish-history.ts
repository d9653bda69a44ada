import { z } from 'zod'
import { builtin } from '../connector.ts'
import { ArtifactName, checkAddressField, FETCHED_BY_HEYZINE, PDF, published, samplePublished } from '../schemas/artifact.ts'
import { Day } from '../schemas/social-report.ts'

export const reportPublishHistory = builtin.action({
  id: 'builtin.report.publish-history',
  version: 1,
  title: 'Publish a client report',
  summary:
    "Makes a report from the statistics Couplet keeps, in your brand's colours and logo, and puts it under a stable public address, then fetches that address as an outsider would.",
  phrase: 'publish a client report',
  group: 'Reports',
  facts: [FETCHED_BY_HEYZINE],
  scopes: [],
  input: z.object({
    title: z.string().min(1).max(200).default('Social media report').meta({ title: 'Title' }),
    locationId: z.string().min(1).optional().meta({ title: 'Location id', description: 'Empty: all locations, or those of the group.' }),
    group: z.string().min(1).max(100).optional().meta({ title: 'Group of locations' }),
    from: Day.meta({ title: 'From' }),
    to: Day.meta({ title: 'To' }),
    name: ArtifactName.optional().meta({
      title: 'Name of the file',
      description: 'Empty: one for each location or group.',
      advanced: true,
    }),
    checkAddress: checkAddressField,
  }),
  output: z.object({
    ...published,
    pages: z.int().meta({ title: 'Pages' }),
    summary: z.string().meta({ title: 'Summary' }),
    name: z.string().meta({ title: 'Name of the file', description: 'For attaching it to an e-mail.' }),
  }),
  samples: [
    {
      ...samplePublished,
      pages: 3,
      summary: 'Northgate Solar was seen 4,321 times and reached 3,000 people with 12 posts, 12.5 % more than before.',
      name: 'social-report-LocNorthgateSolar001',
    },
  ],
  rejects: [{ input: { from: 'monday', to: '2026-09-13' }, because: 'a period needs days' }],
  effect: { kind: 'write', resend: 'harmless', because: 'the same figures give the same bytes under the same address' },
  async run(call) {
    const { input, host } = call
    const { checkAddress, from, to, ...ask } = input
    const report = await host.reports.publishFromHistory({ ...ask, from: from.slice(0, 10), to: to.slice(0, 10) })
    if (checkAddress) await host.artifacts.verify(report.url, PDF)
    call.log(report.changed ? 'The report is new' : 'The report is the same as before', { url: report.url, pages: report.pages })
    return report
  },
})
