import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Done, Environment, FileReply, Instant, NoParams, NoQuery } from '../shapes.ts'

export const ReportView = z.object({
  id: z.string(),
  environment: Environment,
  title: z.string(),
  /** The place or group it is about. */
  scope: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  pages: z.int(),
  sha256: z.string(),
  publicUrl: z.string().nullable(),
  runId: z.string().nullable(),
  /** The flipbook that shows it, as the flow that made it remembers. */
  flipbookUrl: z.string().nullable(),
  sentTo: z.array(z.string()),
  madeAt: Instant,
})
export type ReportView = z.output<typeof ReportView>

const Color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'Write it as #rrggbb')
export const BrandView = z.object({ name: z.string(), color: z.string(), hasLogo: z.boolean() })
export type BrandView = z.output<typeof BrandView>

const write = { permission: 'statistics.write', params: NoParams, query: NoQuery } as const
const read = { method: 'GET', permission: 'statistics.read', audit: NOTHING_CHANGES, query: NoQuery, body: undefined } as const
const ReportParams = z.object({ report: z.string() })

export const reports = {
  list: endpoint({
    ...read,
    id: 'reports.list',
    path: '/api/reports',
    summary: 'Reports that were made, newest first',
    params: NoParams,
    reply: z.object({ reports: z.array(ReportView), canSend: z.boolean() }),
    errors: [],
  }),
  make: endpoint({
    ...write,
    id: 'reports.make',
    method: 'POST',
    path: '/api/reports',
    summary: 'Makes a report of a period for a location, a group or all, and publishes it under its stable address',
    audit: 'report.made',
    body: z.strictObject({
      title: z.string().trim().min(1).max(200).default('Social media report'),
      environment: Environment.optional(),
      locations: z.array(z.int()).max(1_000).default([]),
      group: z.string().max(100).optional(),
      from: z.iso.date().optional(),
      to: z.iso.date().optional(),
      days: z.int().min(1).max(1_100).optional(),
    }),
    reply: z.object({ id: z.string(), url: z.string(), pages: z.int(), changed: z.boolean() }),
    errors: ['report.no_figures', 'statistics.unknown_location', 'statistics.period'],
  }),
  file: endpoint({
    ...read,
    id: 'reports.file',
    path: '/api/reports/:report/file',
    summary: 'A report as it was made, as PDF',
    params: ReportParams,
    reply: FileReply,
    isFile: true,
    errors: ['report.not_found'],
  }),
  send: endpoint({
    id: 'reports.send',
    method: 'POST',
    path: '/api/reports/:report/send',
    summary: 'Sends a report by e-mail, the PDF attached',
    permission: 'statistics.write',
    audit: 'report.sent',
    params: ReportParams,
    query: NoQuery,
    body: z.strictObject({ to: z.array(z.email()).min(1).max(20), message: z.string().max(2_000).default('') }),
    reply: Done,
    errors: ['report.not_found', 'mail.not_set_up'],
  }),
  brand: endpoint({
    ...read,
    id: 'reports.brand',
    path: '/api/brand',
    summary: 'How reports look: name, colour, whether there is a logo',
    params: NoParams,
    reply: BrandView,
    errors: [],
  }),
  setBrand: endpoint({
    ...write,
    id: 'reports.setBrand',
    method: 'PUT',
    path: '/api/brand',
    summary: 'Sets name, colour and logo of reports',
    audit: 'brand.set',
    body: z.strictObject({
      name: z.string().trim().min(1).max(80),
      color: Color,
      /** PNG or JPEG in base64; `null` takes it away; absent: it stays. */
      logo: z.string().max(600_000).nullable().optional(),
    }),
    reply: Done,
    errors: ['brand.logo'],
  }),
  logo: endpoint({
    ...read,
    id: 'reports.logo',
    path: '/api/brand/logo',
    summary: 'The logo of reports',
    params: NoParams,
    reply: FileReply,
    isFile: true,
    errors: ['brand.no_logo'],
  }),
} as const
