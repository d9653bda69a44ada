import type { AlertChannelView, AlertRuleView } from '@couplet/api'
import { Pencil } from 'lucide-react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Switch } from '../../ui/switch.tsx'
import { durationWords } from '../../words/times.ts'
import { WATCH_WORDS } from './alert-words.ts'

/** One rule as a sentence, with its switch. */
export function RuleLine({ rule, channels, onEdit }: { rule: AlertRuleView; channels: readonly AlertChannelView[]; onEdit: () => void }) {
  const { id, ...kept } = rule
  const turn = useAct({
    run: (isOn: boolean) => api.alerts.updateRule({ params: { rule: id }, body: { ...kept, isOn } }),
    stales: ['alerts'],
  })
  const names = (ids: readonly string[]) => channels.filter((one) => ids.includes(one.id)).map(({ name }) => name)
  const words = WATCH_WORDS[rule.watch]
  const sentence = words.sentence((name) => rule.settings[name] ?? words.settings.find((one) => one.name === name)?.usual ?? 0)
  const to =
    rule.channelIds === null ? 'every channel' : rule.channelIds.length === 0 ? 'inside Couplet only' : names(rule.channelIds).join(', ')
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <span className="pt-0.5">
        <Switch isOn={rule.isOn} onChange={(isOn) => turn.mutate(isOn)} label={rule.name} isDisabled={turn.isPending} />
      </span>
      <div className="min-w-0 flex-1 basis-60 text-dense">
        <p className="font-medium">{rule.name}</p>
        <p className="text-soft">
          {sentence}. Tells {to}
          {rule.environments.length === 2 ? ', for sandbox and live.' : rule.environments[0] === 'sandbox' ? ', for the sandbox.' : '.'}
        </p>
        {rule.escalateAfterMinutes !== null && rule.escalateTo.length > 0 && (
          <p className="text-caption text-soft">
            Nobody on it after {durationWords(rule.escalateAfterMinutes * 60_000)}: {names(rule.escalateTo).join(', ')}
          </p>
        )}
        {turn.isError && <ErrorState error={turn.error} />}
      </div>
      <IconButton icon={Pencil} label={`Edit ${rule.name}`} onClick={onEdit} />
    </li>
  )
}
