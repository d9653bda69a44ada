import type { AlertChannelView, AlertRuleView } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { say } from '../../ui/toast.tsx'
import { WATCH_WORDS } from './alert-words.ts'

type Watch = AlertRuleView['watch']
const WATCHES: readonly Watch[] = ['connection', 'failures', 'failure-rate', 'vendor-down', 'quota', 'silence']
const ESCALATE_AFTER_MINUTES = 240

/** What raises an alert, from when on, and whom it reaches. */
export function RuleSheet({
  rule,
  channels,
  onClose,
}: {
  rule: AlertRuleView | undefined
  channels: readonly AlertChannelView[]
  onClose: () => void
}) {
  const [draft, setDraft] = useState<Omit<AlertRuleView, 'id'>>(
    rule ?? {
      name: '',
      watch: 'failures',
      settings: {},
      channelIds: null,
      environments: ['live'],
      isOn: true,
      escalateAfterMinutes: null,
      escalateTo: [],
    },
  )
  const change = (changes: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...changes }))
  const words = WATCH_WORDS[draft.watch]
  const save = useAct({
    run: async () => {
      const { name, watch, settings, channelIds, environments, isOn, escalateAfterMinutes, escalateTo } = draft
      const body = { name, watch, settings, channelIds, environments, isOn, escalateAfterMinutes, escalateTo }
      if (rule) await api.alerts.updateRule({ params: { rule: rule.id }, body })
      else await api.alerts.createRule({ body })
    },
    stales: ['alerts'],
    onDone: () => {
      say(`"${draft.name}" is saved`)
      onClose()
    },
  })
  const remove = useAct({
    run: async () => {
      if (rule) await api.alerts.removeRule({ params: { rule: rule.id } })
    },
    stales: ['alerts'],
    onDone: onClose,
  })
  const fields = save.isError ? problemOf(save.error).fields : undefined
  const toggled = (list: readonly string[], id: string, isIn: boolean) => (isIn ? [...list, id] : list.filter((one) => one !== id))
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={rule ? rule.name : 'Add a rule'}
      footer={
        <>
          {rule && (
            <Button variant="quiet" isBusy={remove.isPending} onClick={() => remove.mutate()} className="mr-auto">
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={save.isPending} onClick={() => save.mutate()}>
            {rule ? 'Save' : 'Add rule'}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {save.isError && <ErrorState error={save.error} isAtFields />}
        <Field label="Name" isRequired error={fields?.['name']}>
          <TextInput value={draft.name} onText={(name) => change({ name })} />
        </Field>
        <Field label="Alert when" hint={words.hint}>
          <Select
            value={draft.watch}
            options={WATCHES.map((watch) => ({ value: watch, label: WATCH_WORDS[watch].title, hint: WATCH_WORDS[watch].hint }))}
            onChange={(watch) => change({ watch, settings: {} })}
          />
        </Field>
        {words.settings.length > 0 && (
          <div className="grid grid-cols-2 gap-3">
            {words.settings.map(({ name, label, usual, min, max, step }) => (
              <Field key={name} label={label} error={fields?.['settings']}>
                <TextInput
                  type="number"
                  min={min}
                  max={max}
                  step={step ?? 1}
                  value={String(draft.settings[name] ?? usual)}
                  onText={(text) => change({ settings: { ...draft.settings, [name]: Number(text) } })}
                />
              </Field>
            ))}
          </div>
        )}
        <div className="grid gap-1">
          <span className="text-dense font-medium">For</span>
          <Segmented
            label="Environments"
            value={draft.environments.length === 2 ? 'both' : (draft.environments[0] ?? 'live')}
            options={[
              { value: 'live', label: 'Live' },
              { value: 'sandbox', label: 'Sandbox' },
              { value: 'both', label: 'Both' },
            ]}
            onChange={(next) => change({ environments: next === 'both' ? ['sandbox', 'live'] : [next] })}
          />
        </div>
        <div className="grid gap-2">
          <div className="flex items-center gap-2 text-dense">
            <Switch
              isOn={draft.channelIds === null}
              onChange={(isAll) => change({ channelIds: isAll ? null : [] })}
              label="Tell every channel"
            />
            Tell every channel
          </div>
          {draft.channelIds !== null && (
            <Choices
              channels={channels}
              chosen={draft.channelIds}
              onToggle={(id, isIn) => change({ channelIds: toggled(draft.channelIds ?? [], id, isIn) })}
            />
          )}
        </div>
        <div className="grid gap-2">
          <div className="flex items-center gap-2 text-dense">
            <Switch
              isOn={draft.escalateAfterMinutes !== null}
              onChange={(isOn) =>
                change({ escalateAfterMinutes: isOn ? ESCALATE_AFTER_MINUTES : null, ...(isOn ? {} : { escalateTo: [] }) })
              }
              label="Escalate"
            />
            Escalate when nobody says &ldquo;I am on it&rdquo;
          </div>
          {draft.escalateAfterMinutes !== null && (
            <>
              <Field label="After minutes">
                <TextInput
                  type="number"
                  min={5}
                  max={10_080}
                  value={String(draft.escalateAfterMinutes)}
                  onText={(text) => change({ escalateAfterMinutes: Number(text) })}
                />
              </Field>
              <Choices
                channels={channels}
                chosen={draft.escalateTo}
                onToggle={(id, isIn) => change({ escalateTo: toggled(draft.escalateTo, id, isIn) })}
              />
            </>
          )}
        </div>
      </form>
    </Sheet>
  )
}

function Choices({
  channels,
  chosen,
  onToggle,
}: {
  channels: readonly AlertChannelView[]
  chosen: readonly string[]
  onToggle: (id: string, isIn: boolean) => void
}) {
  if (channels.length === 0) return <p className="text-caption text-soft">There is no channel yet: it is shown inside Couplet only.</p>
  return (
    <ul className="grid gap-2 pl-11 text-dense">
      {channels.map(({ id, name }) => (
        <li key={id} className="flex items-center gap-2">
          <Switch isOn={chosen.includes(id)} onChange={(isIn) => onToggle(id, isIn)} label={name} />
          {name}
        </li>
      ))}
    </ul>
  )
}
