import type { IncidentView } from '@couplet/api'
import { Link } from '@tanstack/react-router'
import { Section } from '../../shell/page.tsx'
import { IncidentList } from '../incidents/incident-list.tsx'

const SHOWN_MAX = 8

export function Incidents({ incidents }: { incidents: readonly IncidentView[] }) {
  return (
    <Section
      title="Needs you"
      aside={
        incidents.length > SHOWN_MAX && (
          <Link to="/incidents" className="text-dense text-accent-text hover:underline">
            All {incidents.length} incidents
          </Link>
        )
      }
    >
      <IncidentList incidents={incidents.slice(0, SHOWN_MAX)} />
    </Section>
  )
}
