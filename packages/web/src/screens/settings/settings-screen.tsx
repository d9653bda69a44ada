import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Page, Section } from '../../shell/page.tsx'
import { chooseTheme, chosenTheme, type Theme } from '../../shell/theme.ts'
import { systemQuery } from '../../server/queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { durationWords, exactTime, figures } from '../../words/times.ts'
import { QuotaTable } from './quota-table.tsx'
import { WorkspaceSection } from './workspace-section.tsx'

const megabytes = (bytes: number): string => `${figures(Math.round(bytes / 1_048_576))} MB`

export function SettingsScreen() {
  const system = useQuery(systemQuery)
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  return (
    <Page title="Settings">
      <div className="grid max-w-5xl gap-2">
        <Section title="Workspace">
          <WorkspaceSection />
        </Section>
        <Section title="Appearance">
          <Segmented
            label="Theme"
            value={theme}
            options={[
              { value: 'system', label: 'As the computer' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            onChange={(next) => {
              chooseTheme(next)
              setTheme(next)
            }}
          />
        </Section>
        <Section title="Alerts">
          <p className="max-w-[72ch] text-dense text-soft">Who is told when a live flow needs a person, and about what.</p>
          <Link to="/settings/alerts" className={`${buttonClass()} mt-2`}>
            Channels and rules
          </Link>
        </Section>
        {system.isPending ? (
          <SkeletonRows label="Loading the state of the installation" />
        ) : system.isError ? (
          <ErrorState error={system.error} onRetry={() => void system.refetch()} />
        ) : (
          <>
            <Section title="This installation">
              <KeyValue
                rows={[
                  ['Version', system.data.version],
                  ['Address', <CopyText key="address" text={system.data.publicAddress} />],
                  [
                    'Database',
                    `PostgreSQL ${system.data.database.version}, ${system.data.database.kind === 'embedded' ? 'run by Couplet itself' : 'given by DATABASE_URL'}`,
                  ],
                  ['Running since', `${exactTime(system.data.startedAt)} (${durationWords(system.data.uptimeMs)})`],
                  ['Roles of this process', system.data.roles.join(', ')],
                  ['Memory', `${megabytes(system.data.memory.rssBytes)} in use, ${megabytes(system.data.memory.heapUsedBytes)} of it data`],
                  ['Node', system.data.node],
                ]}
              />
            </Section>
            <Section title="Workers">
              {system.data.workers.length === 0 ? (
                <p className="text-dense text-soft">No worker has reported. Runs stay queued until one does.</p>
              ) : (
                <ul className="grid gap-1 text-dense">
                  {system.data.workers.map((worker) => (
                    <li key={worker.id} className="flex flex-wrap gap-x-4">
                      <code className="text-caption">{worker.id}</code>
                      <span className="text-soft">
                        since <Time at={worker.startedAt} />, seen <Time at={worker.seenAt} relative />
                      </span>
                    </li>
                  ))}
                </ul>
              )}
            </Section>
            <Section title="Quota use">
              <QuotaTable quota={system.data.quota} />
            </Section>
          </>
        )}
      </div>
    </Page>
  )
}
