import { Section } from '../../shell/page.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { type Quota, QuotaTable } from '../settings/quota-table.tsx'

export function QuotaSection({ quota, error }: { quota: readonly Quota[] | undefined; error: unknown }) {
  return <Section title="Quota use">{error ? <ErrorState error={error} /> : <QuotaTable quota={quota ?? []} limit={8} />}</Section>
}
