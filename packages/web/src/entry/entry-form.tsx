import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'

/** A form with one button; Enter sends it. */
export function EntryForm({
  submit,
  isBusy,
  error,
  isReady,
  onSubmit,
  children,
}: {
  submit: string
  isBusy: boolean
  error: unknown
  isReady: boolean
  onSubmit: () => void
  children: ReactNode
}) {
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady && !isBusy) onSubmit()
      }}
    >
      {children}
      {error !== null && error !== undefined && <ErrorState error={error} isAtFields />}
      <Button type="submit" variant="primary" isBusy={isBusy} disabled={!isReady} className="mt-1 w-full">
        {submit}
      </Button>
    </form>
  )
}
