import { isPermission, PERMISSIONS, type TokenView } from '@couplet/api'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { tokensQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Page } from '../../shell/page.tsx'
import { useRefusal } from '../../ui/allowed.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { BackToSettings } from '../settings/back-to-settings.tsx'
import { NewToken } from './new-token.tsx'

/** Tokens of programs that call the API of this workspace. */
export function TokensScreen() {
  const refusal = useRefusal('tokens.write')
  const [isMaking, setMaking] = useState(false)
  return (
    <Page
      title="API tokens"
      back={<BackToSettings />}
      lead="For programs and the command line. A token can do what was chosen for it, and never more than the person who made it may at that moment."
      actions={
        <Button variant="primary" icon={Plus} needs="tokens.write" onClick={() => setMaking(true)}>
          New token
        </Button>
      }
    >
      <div className="max-w-5xl">{refusal === undefined ? <TokenList onMake={() => setMaking(true)} /> : <Note>{refusal}</Note>}</div>
      {isMaking && <NewToken onClose={() => setMaking(false)} />}
    </Page>
  )
}

function TokenList({ onMake }: { onMake: () => void }) {
  const tokens = useQuery(tokensQuery)
  const [ending, setEnding] = useState<TokenView>()
  if (tokens.isPending) return <SkeletonRows label="Loading tokens" rows={3} />
  if (tokens.isError) return <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
  if (tokens.data.length === 0)
    return (
      <EmptyState
        icon={KeyRound}
        title="No tokens yet"
        action={
          <Button variant="primary" icon={Plus} onClick={onMake}>
            New token
          </Button>
        }
      >
        A program that pushes flows from a repository, or reads runs, shows one. On the machine Couplet runs on the command line needs none.
      </EmptyState>
    )
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {tokens.data.map((token) => (
          <li key={token.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-dense">
            <div className="min-w-0 flex-1 basis-64">
              <p className="flex items-baseline gap-2 font-medium">
                <span className="truncate">{token.name}</span> <code className="text-caption font-normal text-soft">…{token.ending}</code>
              </p>
              <p className="truncate text-caption text-soft" title={token.permissions.map(wordsOf).join('\n')}>
                {token.permissions.join(', ')}
              </p>
            </div>
            <p className="w-56 text-caption text-soft">
              by {token.madeBy} ·{' '}
              {token.lastUsedAt === null ? (
                'never used'
              ) : (
                <>
                  used <Time at={token.lastUsedAt} relative />
                </>
              )}
              <br />
              {token.hasEnded ? (
                <span className="text-attention">has ended</span>
              ) : token.expiresAt === null ? (
                'does not end'
              ) : (
                <>
                  until <Time at={token.expiresAt} />
                </>
              )}
            </p>
            <Button size="sm" className="ml-auto" onClick={() => setEnding(token)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {ending && <RemoveToken token={ending} onClose={() => setEnding(undefined)} />}
    </>
  )
}

const wordsOf = (permission: string): string => (isPermission(permission) ? PERMISSIONS[permission] : permission)

function RemoveToken({ token, onClose }: { token: TokenView; onClose: () => void }) {
  const remove = useAct({ run: () => api.tokens.remove({ params: { token: token.id } }), stales: ['tokens'], onDone: onClose })
  return (
    <ConfirmDialog
      title={`Remove "${token.name}"`}
      text="Programs that use it are refused from now on."
      confirm="Remove"
      act={remove}
      onClose={onClose}
    />
  )
}
