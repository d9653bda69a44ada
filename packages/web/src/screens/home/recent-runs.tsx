import type { RunSummary } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { Section } from '../../shell/page.tsx'
import { RunTable } from '../runs/run-table.tsx'

const SHOWN = 8

/** What the last runs did, in sentences. */
export function RecentRuns({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <Section
      title="Recent runs"
      aside={
        runs.length > SHOWN && (
          <Link to="/runs" className="text-dense text-accent-text hover:underline">
            Show all
          </Link>
        )
      }
    >
      {runs.length === 0 ? (
        <p className="text-dense text-soft">Nothing has run yet. The first run appears here as it happens.</p>
      ) : (
        <RunTable runs={runs.slice(0, SHOWN)} isNarrow />
      )}
    </Section>
  )
}
