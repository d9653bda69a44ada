import { Link } from '@tanstack/react-router'
import { Bell, CircleHelp, Ellipsis, Search } from 'lucide-react'
import { cx } from '../ui/cx.ts'
import { Menu } from '../ui/menu.tsx'
import { Tip } from '../ui/tooltip.tsx'
import { useNavigate } from '@tanstack/react-router'
import { AlertBell } from './alert-bell.tsx'
import { useAccountMenu } from './account-menu.tsx'
import { PLACES } from './places.ts'

const itemClass =
  'flex items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:text-accent-text'

/** Navigation: a rail of icons, and a bar at the foot on narrow screens. */
export function NavRail({ onSearch, onHelp, openTasks }: { onSearch: () => void; onHelp: () => void; openTasks: number }) {
  const navigate = useNavigate()
  const account = useAccountMenu()
  const more = PLACES.filter((place) => !place.isOnPhoneBar)
  return (
    <>
      <nav
        aria-label="Main"
        className="fixed inset-y-0 left-0 z-20 flex w-14 flex-col items-center gap-1 border-r border-line bg-panel py-2 max-md:hidden"
      >
        <Link to="/" aria-label="Couplet, home" className="mb-2 flex size-10 items-center justify-center">
          <img src="/mark.svg" alt="" className="size-7" />
        </Link>
        {PLACES.map((place) => (
          <Tip key={place.to} text={place.title} shortcut={`g ${place.key}`} side="right">
            <Link
              to={place.to}
              activeOptions={{ exact: place.to === '/', includeSearch: false }}
              aria-label={place.to === '/tasks' && openTasks > 0 ? `Tasks, ${openTasks} open` : place.title}
              className={cx(itemClass, 'relative size-10')}
            >
              <place.icon aria-hidden className="size-5" strokeWidth={1.6} />
              {place.to === '/tasks' && openTasks > 0 && (
                <span className="figures absolute top-1 right-0.5 rounded-full bg-attention px-1 text-[10px]/[14px] font-semibold text-canvas">
                  {openTasks > 99 ? '99+' : openTasks}
                </span>
              )}
            </Link>
          </Tip>
        ))}
        <span className="flex-1" />
        <AlertBell className={itemClass} />
        <Tip text="Search and commands" shortcut="⌘ k" side="right">
          <button type="button" aria-label="Search and commands" onClick={onSearch} className={cx(itemClass, 'size-10')}>
            <Search aria-hidden className="size-5" strokeWidth={1.6} />
          </button>
        </Tip>
        <Tip text="Keyboard shortcuts" shortcut="?" side="right">
          <button type="button" aria-label="Keyboard shortcuts" onClick={onHelp} className={cx(itemClass, 'size-10')}>
            <CircleHelp aria-hidden className="size-5" strokeWidth={1.6} />
          </button>
        </Tip>
        {account && (
          <Menu
            align="start"
            trigger={
              <button
                type="button"
                aria-label={`${account.initials}: account of ${account.name}, workspace ${account.workspace}`}
                title={`${account.name} · ${account.workspace}`}
                className={cx(itemClass, 'size-10')}
              >
                <span
                  aria-hidden
                  className="flex size-7 items-center justify-center rounded-full border border-line-strong bg-well text-[11px] font-semibold text-ink"
                >
                  {account.initials}
                </span>
              </button>
            }
            items={account.items}
          />
        )}
      </nav>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-20 grid grid-cols-5 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {PLACES.filter((place) => place.isOnPhoneBar).map((place) => (
          <Link
            key={place.to}
            to={place.to}
            activeOptions={{ exact: place.to === '/', includeSearch: false }}
            className={cx(itemClass, 'h-14 flex-col gap-0.5 rounded-none text-[11px]/4')}
          >
            <place.icon aria-hidden className="size-5" strokeWidth={1.6} />
            {place.title}
          </Link>
        ))}
        <Menu
          trigger={
            <button type="button" className={cx(itemClass, 'h-14 flex-col gap-0.5 rounded-none text-[11px]/4')}>
              <Ellipsis aria-hidden className="size-5" strokeWidth={1.6} />
              More
            </button>
          }
          items={[
            ...more.map((place) => ({ label: place.title, icon: place.icon, onSelect: () => void navigate({ to: place.to }) })),
            { label: 'Incidents and alerts', icon: Bell, onSelect: () => void navigate({ to: '/incidents' }) },
            'line',
            { label: 'Search and commands', icon: Search, onSelect: onSearch },
            ...(account ? (['line', ...account.items] as const) : []),
          ]}
        />
      </nav>
      {account?.dialogs}
    </>
  )
}
