import { userFault } from '@couplet/core'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { readLogo } from '../statistics/logo.ts'
import { makeReport, reportName } from '../statistics/make-report.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const LISTED_MAX = 200
const DEFAULT_BRAND = { name: 'Social media report', color: '#1d4e6b' }
/** Where flow 2 remembers which flipbook shows which document. */
const FLIPBOOK_TABLE = 'Report flipbooks'

export function reportHandlers(parts: ServerParts): Handlers['reports'] {
  const { engine } = parts
  const { store } = engine
  const found = async (workspaceId: ReturnType<typeof workspaceOf>, id: string) => {
    const report = await store.socialReports.open(workspaceId, id)
    if (!report) throw notFound('report', id)
    return report
  }
  return {
    list: async ({ context }) => {
      const workspaceId = workspaceOf(context)
      const [reports, tables] = await Promise.all([store.socialReports.list(workspaceId, LISTED_MAX), store.lookupTables.list(workspaceId)])
      const flipbooks = new Map<string, string>()
      if (tables.some(({ name }) => name === FLIPBOOK_TABLE))
        for (const { value } of await store.lookupTables.find(workspaceId, FLIPBOOK_TABLE, {}, 1_000))
          if (typeof value['sha256'] === 'string' && typeof value['url'] === 'string') flipbooks.set(value['sha256'], value['url'])
      return {
        canSend: engine.mailer !== undefined,
        reports: reports.map(({ madeAt, name: _name, ...report }) => ({
          ...report,
          flipbookUrl: flipbooks.get(report.sha256) ?? null,
          madeAt: iso(madeAt),
        })),
      }
    },
    make: async ({ body, context }) => {
      const workspaceId = workspaceOf(context)
      const places = await store.socialHistory.locations(workspaceId, body.environment)
      const chosen = places.filter(({ id }) => body.locations.includes(id))
      const environment = body.environment ?? (chosen[0] ?? places[0])?.environment
      const name = reportName({ locationIds: chosen.map(({ locationId }) => locationId), group: body.group })
      const { id, url, pages, changed } = await makeReport(
        { store, publicAddress: () => parts.publicAddress(), render: parts.renderReport },
        { ...body, environment, workspaceId, name, runId: null },
        engine.clock.now(),
      )
      return { id, url, pages, changed }
    },
    file: async ({ params, context }) => {
      const report = await found(workspaceOf(context), params.report)
      return { name: `${report.scope}-${report.from}-${report.to}.pdf`, contentType: 'application/pdf', bytes: report.bytes }
    },
    send: async ({ params, body, context }) => {
      const report = await found(workspaceOf(context), params.report)
      if (!engine.mailer)
        throw userFault({
          code: 'mail.not_set_up',
          message: 'This Couplet has no mail server.',
          hint: 'The operator sets COUPLET_SMTP_URL and COUPLET_MAIL_FROM and starts Couplet again.',
        })
      await engine.mailer.send(
        {
          to: body.to,
          subject: `${report.title}: ${report.scope}, ${report.from} to ${report.to}`,
          text: [body.message, `${report.title} of ${report.scope}, ${report.from} to ${report.to}. The report is attached.`]
            .filter((line) => line !== '')
            .join('\n\n'),
          attachments: [{ name: `social-report-${report.from}-${report.to}.pdf`, contentType: 'application/pdf', bytes: report.bytes }],
        },
        context.signal,
      )
      await store.socialReports.noteSent(report.id, body.to)
      return { ok: true }
    },
    brand: async ({ context }) => {
      const brand = await store.socialReports.brand(workspaceOf(context))
      return brand ? { name: brand.name, color: brand.color, hasLogo: brand.logo !== null } : { ...DEFAULT_BRAND, hasLogo: false }
    },
    setBrand: async ({ body, context }) => {
      const { logo, ...brand } = body
      await store.socialReports.setBrand(workspaceOf(context), {
        ...brand,
        ...(logo === undefined ? {} : { logo: logo === null ? null : readLogo(logo) }),
      })
      return { ok: true }
    },
    logo: async ({ context }) => {
      const logo = (await store.socialReports.brand(workspaceOf(context)))?.logo
      if (!logo)
        throw userFault({ code: 'brand.no_logo', message: 'There is no logo.', hint: 'Choose one among the report settings.', status: 404 })
      return { name: logo.contentType === 'image/png' ? 'logo.png' : 'logo.jpg', contentType: logo.contentType, bytes: logo.bytes }
    },
  }
}
