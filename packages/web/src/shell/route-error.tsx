import type { ErrorComponentProps } from '@tanstack/react-router'
import { ErrorState } from '../ui/error-state.tsx'
import { Page } from './page.tsx'

/** A screen that broke. The rest of the app stays. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This screen could not be shown">
      <ErrorState error={error} onRetry={reset} />
    </Page>
  )
}
