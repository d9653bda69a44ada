import type { StatisticsLocation } from '@couplet/api'
import { ChartLine } from 'lucide-react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { useDashboard } from './filters.ts'

const FIRST_HISTORY_DAYS = 60

/** Nothing was ever read: what a dashboard needs, and a sandbox that fills one within a minute. */
export function FirstCollection({ places }: { places: readonly StatisticsLocation[] }) {
  const { set } = useDashboard()
  const ofSandbox = places.flatMap((place) => (place.environment === 'sandbox' ? (place.connectionId ?? []) : []))
  const collect = useAct({
    run: () => api.statistics.collect({ body: { connections: ofSandbox, isOn: true, historyDays: FIRST_HISTORY_DAYS } }),
    stales: ['statistics'],
  })
  return (
    <>
      <EmptyState
        icon={ChartLine}
        title="No figures have been read yet"
        action={
          <>
            {ofSandbox.length > 0 && (
              <Button needs="statistics.write" variant="primary" isBusy={collect.isPending} onClick={() => collect.mutate()}>
                Collect from the sandbox now
              </Button>
            )}
            <Button onClick={() => set({ tab: 'collection' })}>Choose locations</Button>
          </>
        }
      >
        Couplet reads followers, reach, impressions and engagement of each location every few hours and keeps them day by day, so that there
        is a history longer than HighLevel shows. The sandbox has {ofSandbox.length} client locations with two months of posts: it fills
        this page within a minute.
      </EmptyState>
      {collect.error && <ErrorState error={collect.error} />}
    </>
  )
}
