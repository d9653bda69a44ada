import { useQuery } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { accountApi } from '../../server/client.ts'
import { sessionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'

const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /Edg\//],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
]
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
]
const firstOf = (words: readonly (readonly [string, RegExp])[], text: string) => words.find(([, pattern]) => pattern.test(text))?.[0]

/** What a browser says of itself, in words people know. */
function deviceOf(userAgent: string | null): string {
  const text = userAgent ?? ''
  const found = [firstOf(BROWSERS, text), firstOf(SYSTEMS, text)].filter((word) => word !== undefined)
  return found.length > 0 ? found.join(' on ') : 'Another program'
}

export function SessionList() {
  const sessions = useQuery(sessionsQuery)
  const end = useAct<string>({ run: (session) => accountApi.endSession({ params: { session } }), stales: ['account'] })
  if (sessions.isPending) return <SkeletonRows rows={2} label="Loading sessions" />
  if (sessions.isError) return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
  return (
    <>
      {end.isError && <ErrorState error={end.error} />}
      <ul className="divide-y divide-line border-y border-line">
        {sessions.data.map((session) => {
          const Icon = /Mobile|iPhone|Android/.test(session.userAgent ?? '') ? Smartphone : Monitor
          return (
            <li key={session.id} className="flex min-h-13 items-center gap-3 py-2 text-dense">
              <Icon aria-hidden className="size-5 shrink-0 text-icon" strokeWidth={1.6} />
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{deviceOf(session.userAgent)}</p>
                <p className="text-caption text-soft">
                  {session.ip ?? 'address unknown'} · since <Time at={session.createdAt} />
                </p>
              </div>
              {session.isCurrent ? (
                <span className="text-caption text-soft">this one</span>
              ) : (
                <Button size="sm" isBusy={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
                  End
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
