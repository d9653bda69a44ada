import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page } from './page.tsx'

export function NotFound() {
  return (
    <Page title="Not found">
      <EmptyState
        icon={Compass}
        title="There is no such page"
        action={
          <Link to="/" className={buttonClass({ variant: 'primary' })}>
            Go to Home
          </Link>
        }
      >
        The address may be mistyped, or what it named was removed.
      </EmptyState>
    </Page>
  )
}
