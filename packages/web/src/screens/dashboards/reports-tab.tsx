import type { ReportView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileText, Mail, Palette } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { api } from '../../server/client.ts'
import { reportsQuery } from '../../server/statistics-queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton, SkeletonRows } from '../../ui/skeleton.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { plural } from '../../words/times.ts'
import { BrandSheet } from './brand-sheet.tsx'
import { useDashboard } from './filters.ts'
import { SendReport } from './send-report.tsx'
import { periodWords } from './words.ts'

/** Reading PDF takes a large library: it comes with the first report shown. */
const PdfPreview = lazy(() => import('../../ui/pdf-preview.tsx'))

const fileOf = (id: string): string => `/api/reports/${encodeURIComponent(id)}/file`

/** Reports for clients: made from what is chosen above, looked at, sent, and kept. */
export function ReportsTab() {
  const { filter } = useDashboard()
  const reports = useQuery(reportsQuery)
  const [shownId, setShownId] = useState<string>()
  const [sending, setSending] = useState<ReportView>()
  const [isBrandOpen, setBrandOpen] = useState(false)
  const make = useAct({
    run: () => {
      const { location, group, environment, from, to, days } = filter
      return api.reports.make({
        body: {
          locations: location === undefined ? [] : [Number(location)],
          ...(group === undefined ? {} : { group }),
          ...(environment === undefined ? {} : { environment }),
          ...(from !== undefined && to !== undefined ? { from, to } : days === undefined ? {} : { days }),
        },
      })
    },
    stales: ['reports'],
    onDone: ({ id }) => setShownId(id),
  })
  const all = reports.data?.reports ?? []
  const shown = all.find(({ id }) => id === shownId) ?? all[0]
  const actions = (
    <>
      <Button variant="primary" icon={FileText} isBusy={make.isPending} onClick={() => make.mutate()}>
        Make a report of this
      </Button>
      <Button icon={Palette} onClick={() => setBrandOpen(true)}>
        Brand
      </Button>
    </>
  )
  return (
    <>
      {reports.isPending ? (
        <SkeletonRows rows={4} label="Loading reports" />
      ) : reports.isError ? (
        <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />
      ) : all.length === 0 ? (
        <EmptyState icon={FileText} title="No report has been made yet" action={actions}>
          A report shows the figures of the chosen location and period as a PDF in your colours, at an address that stays the same. The flow
          "Social report as a flipbook" makes one every Monday and shows it in Heyzine.
        </EmptyState>
      ) : (
        <>
          <div className="mb-3 flex flex-wrap items-center gap-2">
            {actions}
            <span className="text-dense text-soft">Of the location and period chosen above; {plural(all.length, 'report')} kept.</span>
          </div>
          {make.error && <ErrorState error={make.error} />}
          <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
            <Table
              label="Reports"
              rows={all}
              rowKey={({ id }) => id}
              columns={columnsOf({ canSend: reports.data.canSend, onShow: setShownId, onSend: setSending })}
              rowHeight={60}
              selectedKey={shown?.id}
            />
            {shown && (
              <div className="no-print">
                <Suspense fallback={<Skeleton className="h-64" />}>
                  <PdfPreview
                    key={`${shown.id} ${shown.sha256}`}
                    address={`${fileOf(shown.id)}?of=${shown.sha256}`}
                    label={`${shown.title} of ${shown.scope}, ${periodWords(shown)}`}
                  />
                </Suspense>
              </div>
            )}
          </div>
        </>
      )}
      {all.length === 0 && make.error && <ErrorState error={make.error} />}
      {sending && <SendReport report={sending} onClose={() => setSending(undefined)} />}
      {isBrandOpen && <BrandSheet onClose={() => setBrandOpen(false)} />}
    </>
  )
}

function columnsOf(how: { canSend: boolean; onShow: (id: string) => void; onSend: (report: ReportView) => void }): Column<ReportView>[] {
  return [
    {
      key: 'report',
      title: 'Report',
      track: 'minmax(0, 3fr)',
      cell: (report) => (
        <span className="min-w-0">
          <button
            type="button"
            data-list-item
            onClick={() => how.onShow(report.id)}
            className="max-w-full truncate rounded-sm text-left font-medium hover:underline"
          >
            {report.scope}
          </button>
          <span className="block truncate text-caption text-soft">
            {periodWords(report)} · {plural(report.pages, 'page')} · <Time at={report.madeAt} relative />
          </span>
          <span className="flex flex-wrap gap-x-3 text-caption">
            <a href={fileOf(report.id)} className="text-accent-text hover:underline" target="_blank" rel="noreferrer">
              Open PDF
            </a>
            {report.flipbookUrl !== null && (
              <a href={report.flipbookUrl} className="text-accent-text hover:underline" target="_blank" rel="noreferrer">
                Flipbook
              </a>
            )}
            {report.runId !== null && (
              <Link to="/runs/$runId" params={{ runId: report.runId }} className="text-accent-text hover:underline">
                Run
              </Link>
            )}
            {report.sentTo.length > 0 && <span className="truncate text-soft">sent to {report.sentTo.join(', ')}</span>}
          </span>
        </span>
      ),
    },
    {
      key: 'send',
      title: <span className="sr-only">Send</span>,
      track: '104px',
      isRight: true,
      cell: (report) => (
        <Button
          size="sm"
          icon={Mail}
          disabled={!how.canSend}
          title={how.canSend ? undefined : 'Set up a mail server first: COUPLET_SMTP_URL and COUPLET_MAIL_FROM'}
          onClick={() => how.onSend(report)}
        >
          E-mail
        </Button>
      ),
    },
  ]
}
