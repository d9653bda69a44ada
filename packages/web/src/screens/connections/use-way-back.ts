import { useEffect, useRef } from 'react'
import { useAct } from '../../server/use-act.ts'
import { takeTrip, type TripKept } from './consent-trip.ts'

/**
 * Finishes, once, the consent that this browser began at a vendor. The code does not stay in the address bar, the history or a screenshot.
 */
export function useWayBack<T>({
  finish,
  stales,
  onDone,
}: {
  finish: (returned: string, kept: TripKept) => Promise<T>
  stales: readonly string[]
  onDone?: (outcome: T) => void
}) {
  const begun = useRef(false)
  const act = useAct({
    run: () => {
      const returned = window.location.search
      const kept = takeTrip(returned)
      window.history.replaceState(null, '', window.location.pathname)
      return finish(returned, kept)
    },
    stales,
    ...(onDone ? { onDone } : {}),
  })
  const { mutate } = act
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    mutate()
  }, [mutate])
  return act
}
