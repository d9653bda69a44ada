import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useLive } from '../server/live.ts'
import { proposalsQuery, tasksQuery } from '../server/queries.ts'
import { useHotkeys, walkList } from './hotkeys.ts'
import { LiveStrip } from './live-strip.tsx'
import { NavRail } from './nav-rail.tsx'
import { PLACES } from './places.ts'
import { usePreloadedPlaces } from './use-preloaded-places.ts'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const ShortcutsSheet = lazy(async () => ({ default: (await import('./shortcuts-sheet.tsx')).ShortcutsSheet }))
const RunDrawer = lazy(async () => ({ default: (await import('../screens/run/run-drawer.tsx')).RunDrawer }))

/** What stays on the screen: navigation, palette, shortcuts, the stream of events. */
export function Frame() {
  const navigate = useNavigate()
  const live = useLive()
  usePreloadedPlaces()
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const [isHelpOpen, setHelpOpen] = useState(false)
  const { run } = useSearch({ strict: false })
  const openTasks = (useQuery(tasksQuery('open')).data?.length ?? 0) + (useQuery(proposalsQuery('open')).data?.length ?? 0)
  useHotkeys({
    'mod+k': () => setPaletteOpen(true),
    '?': () => setHelpOpen(true),
    j: () => walkList(1),
    k: () => walkList(-1),
    'g i': () => void navigate({ to: '/incidents' }),
    ...Object.fromEntries(PLACES.map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })])),
  })
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-16 focus:z-50 focus:rounded-md focus:bg-float focus:px-3 focus:py-2 focus:shadow-float"
      >
        Skip to content
      </a>
      <NavRail onSearch={() => setPaletteOpen(true)} onHelp={() => setHelpOpen(true)} openTasks={openTasks} />
      <main id="main" tabIndex={-1} className="min-w-0 outline-none md:pl-14">
        <LiveStrip state={live} />
        <Outlet />
      </main>
      {run !== undefined && (
        <Suspense>
          <RunDrawer
            key={run}
            runId={run}
            onClose={() => void navigate({ to: '.', search: (search) => ({ ...search, run: undefined }), replace: true })}
          />
        </Suspense>
      )}
      <Suspense>{isPaletteOpen && <Palette isOpen onClose={() => setPaletteOpen(false)} />}</Suspense>
      <Suspense>{isHelpOpen && <ShortcutsSheet isOpen onClose={() => setHelpOpen(false)} />}</Suspense>
    </>
  )
}
