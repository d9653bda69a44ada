import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { PLACES } from './places.ts'

/** Not every browser tells when it has nothing to do. */
const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 2_000 })
    else setTimeout(resolve, 200)
  })

/** Fetches the scripts of the other places, one by one, while there is nothing else to do: the first visit of each is then as quick as the next. */
export function usePreloadedPlaces(): void {
  const router = useRouter()
  useEffect(() => {
    let isOver = false
    const preload = async (): Promise<void> => {
      for (const { to } of PLACES) {
        await whenIdle()
        if (isOver) return
        await router.preloadRoute({ to }).catch(() => undefined)
      }
    }
    void preload()
    return () => {
      isOver = true
    }
  }, [router])
}
