import type { AlertChannelView } from '@couplet/api'
import { Pencil, Send } from 'lucide-react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { say } from '../../ui/toast.tsx'
import { CHANNEL_WORDS } from './alert-words.ts'

/** One channel: where it goes, whether it works, and a test. */
export function ChannelLine({ channel, all, onEdit }: { channel: AlertChannelView; all: readonly AlertChannelView[]; onEdit: () => void }) {
  const test = useAct({
    run: () => api.alerts.testChannel({ params: { channel: channel.id } }),
    stales: ['alerts'],
    onDone: ({ isSent, fault }) => say(isSent ? `The test reached "${channel.name}"` : `The test failed: ${fault?.message ?? ''}`),
  })
  const fallback = all.find(({ id }) => id === channel.fallbackId)
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <StatusBadge
        status={!channel.isOn ? 'paused' : channel.lastFault ? 'needs-attention' : 'ready'}
        word={!channel.isOn ? 'Off' : undefined}
        plain
        className="w-32"
      />
      <div className="min-w-0 flex-1 basis-60 text-dense">
        <p className="font-medium">{channel.name}</p>
        <p className="break-words text-soft">
          {CHANNEL_WORDS[channel.kind].title}: {channel.kind === 'email' ? channel.recipients.join(', ') : channel.host}
        </p>
        <p className="flex flex-wrap gap-x-3 text-caption text-soft">
          {channel.quiet && (
            <span>
              Quiet {channel.quiet.from} to {channel.quiet.until} ({channel.quiet.zone})
            </span>
          )}
          {fallback && <span>When it fails: {fallback.name}</span>}
          {channel.lastSentAt && (
            <span>
              Last sent <Time at={channel.lastSentAt} relative />
            </span>
          )}
        </p>
        {channel.lastFault && (
          <p className="mt-1 text-caption text-failed">
            {channel.lastFault.message} {channel.lastFault.hint}
          </p>
        )}
        {test.isError && <ErrorState error={test.error} />}
      </div>
      <div className="flex items-center gap-1">
        <Button
          needs="alerts.write"
          size="sm"
          icon={Send}
          isBusy={test.isPending}
          onClick={() => test.mutate()}
          aria-label={`Send a test to ${channel.name}`}
        >
          Send a test
        </Button>
        <IconButton icon={Pencil} label={`Edit ${channel.name}`} onClick={onEdit} />
      </div>
    </li>
  )
}
