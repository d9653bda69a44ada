import type { HistoryReport, Host, SocialReport } from '@couplet/connector-sdk'
import { type RunId, userFault, type WorkspaceId } from '@couplet/core'
import type { Environment, Store } from '@couplet/store'
import { composeReport, type ReportAsk } from './compose-report.ts'

export type ReportParts = {
  store: Store
  publicAddress: () => string
  render: (
    report: SocialReport,
    brand: { name?: string; color?: string; logo?: Uint8Array },
  ) => Promise<{ bytes: Uint8Array; pages: number }>
}
export type MadeReport = {
  id: string
  url: string
  sha256: string
  changed: boolean
  pages: number
  summary: string
  from: string
  to: string
  place: string
}

/** The name of a report's public address: the same place or group has the same address for ever. */
export const reportName = (scope: { locationIds: readonly string[]; group?: string | undefined }): string =>
  scope.group !== undefined
    ? `social-report-group-${scope.group.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
    : scope.locationIds.length === 1
      ? `social-report-${scope.locationIds[0] ?? ''}`
      : 'social-report-all'

/** Makes a report from the history in the workspace's look, publishes it under its stable address, and keeps it. */
export async function makeReport(
  parts: ReportParts,
  ask: ReportAsk & { name: string; runId: RunId | null },
  now: number,
): Promise<MadeReport> {
  const { store } = parts
  const report = await composeReport(store, ask, now)
  if (report.totals.length === 0)
    throw userFault({
      code: 'report.no_figures',
      message: `There are no figures of ${report.location} from ${report.from} to ${report.to}.`,
      hint: 'Switch the reading of statistics on for it, or choose other days.',
    })
  const brand = await store.socialReports.brand(ask.workspaceId)
  const { bytes, pages } = await parts.render(
    report,
    brand ? { name: brand.name, color: brand.color, ...(brand.logo ? { logo: brand.logo.bytes } : {}) } : {},
  )
  const published = await store.artifacts.publish(ask.workspaceId, { name: ask.name, contentType: 'application/pdf', bytes })
  const url = `${parts.publicAddress()}/files/${published.token}.pdf`
  const id = await store.socialReports.keep(ask.workspaceId, {
    environment: ask.environment ?? 'live',
    name: ask.name,
    title: report.title,
    scope: report.location,
    from: report.from,
    to: report.to,
    pages,
    sha256: published.sha256,
    publicUrl: url,
    runId: ask.runId,
    bytes,
    at: now,
  })
  return {
    id,
    url,
    sha256: published.sha256,
    changed: published.changed,
    pages,
    summary: report.summary,
    from: report.from,
    to: report.to,
    place: report.location,
  }
}

/** The same for a step of a flow, which knows a location by the vendor's id. */
export async function publishFromHistory(
  parts: ReportParts,
  run: { id: RunId; workspaceId: WorkspaceId; environment: Environment },
  ask: HistoryReport,
  now: number,
): ReturnType<Host['reports']['publishFromHistory']> {
  const places = await parts.store.socialHistory.locations(run.workspaceId, run.environment)
  const place = ask.locationId === undefined ? undefined : places.find(({ locationId }) => locationId === ask.locationId)
  if (ask.locationId !== undefined && !place)
    throw userFault({
      code: 'statistics.unknown_location',
      message: `There is no history of the location ${ask.locationId}.`,
      hint: 'Read its statistics first: "Bring the statistics up to date".',
      fields: { locationId: 'has no history' },
    })
  const name = ask.name ?? reportName({ locationIds: ask.locationId === undefined ? [] : [ask.locationId], group: ask.group })
  const made = await makeReport(
    parts,
    {
      workspaceId: run.workspaceId,
      environment: run.environment,
      locations: place ? [place.id] : [],
      group: ask.group,
      title: ask.title,
      from: ask.from,
      to: ask.to,
      name,
      runId: run.id,
    },
    now,
  )
  const { url, sha256, changed, pages, summary } = made
  return { url, sha256, changed, pages, summary, name }
}
