import { z } from 'zod'
import { builtin } from '../connector.ts'
import { defined } from '../defined.ts'
import { ArtifactName, checkAddressField, FETCHED_BY_HEYZINE, PDF, published, samplePublished } from '../schemas/artifact.ts'
import { Day, PlatformLine, samplePlatforms, sampleTotals, Total } from '../schemas/social-report.ts'

export const reportRenderSocial = builtin.action({
  id: 'builtin.report.render-social',
  version: 1,
  title: 'Publish a social report',
  summary:
    'Makes a PDF from statistics and puts it under a stable public address, then fetches that address as an outsider would: what Heyzine cannot reach is seen here first.',
  phrase: 'publish a social report as a PDF',
  group: 'Reports',
  facts: [FETCHED_BY_HEYZINE],
  scopes: [],
  input: z.object({
    name: ArtifactName,
    title: z.string().min(1).max(200).meta({ title: 'Title', placeholder: 'Social report' }),
    location: z.string().min(1).max(200).meta({ title: 'Location' }),
    from: Day.meta({ title: 'From' }),
    to: Day.meta({ title: 'To' }),
    summary: z.string().max(2_000).default('').meta({ title: 'Summary', multiline: true }),
    totals: z.array(Total).max(20).meta({ title: 'Totals' }),
    platforms: z.array(PlatformLine).max(50).meta({ title: 'Platforms' }),
    notes: z.array(z.string().max(500)).max(20).default([]).meta({ title: 'Notes' }),
    checkAddress: checkAddressField,
  }),
  output: z.object({ ...published, pages: z.int().meta({ title: 'Pages' }) }),
  samples: [{ ...samplePublished, pages: 2 }],
  rejects: [
    {
      input: { name: 'weekly/leeds', title: 'Report', location: 'Leeds', from: 'monday', to: '2026-09-13', totals: [], platforms: [] },
      because: 'a period needs days',
    },
    {
      input: { title: 'Report', location: 'Leeds', from: '2026-09-07', to: '2026-09-13', totals: sampleTotals, platforms: samplePlatforms },
      because: 'without a name the address would change',
    },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'the same statistics give the same bytes under the same address' },
  async run(call) {
    const { input, host } = call
    const { bytes, pages } = await host.reports.renderSocialReport({
      title: input.title,
      location: input.location,
      from: input.from,
      to: input.to,
      summary: input.summary,
      totals: input.totals.map(defined),
      platforms: input.platforms.map(defined),
      notes: input.notes,
    })
    const { url, sha256, changed } = await host.artifacts.publish({ name: input.name, contentType: PDF, bytes })
    if (input.checkAddress) await host.artifacts.verify(url, PDF)
    call.log(changed ? 'The report is new' : 'The report is the same as before', { url, pages })
    return { url, sha256, changed, pages }
  },
})
