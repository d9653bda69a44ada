import { useState } from 'react'
import { useAct } from '../../server/use-act.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { MarkBadge } from '../../ui/mark-badge.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { wordsOfName } from '../../schema/read-schema.ts'
import { changeSettings, type SandboxSetting } from './control.ts'

/** How the simulated vendor behaves, each switch with how sure we are that the real one does. */
export function SandboxSettings({ vendor, settings }: { vendor: string; settings: readonly SandboxSetting[] }) {
  const save = useAct({
    run: ({ name, value }: { name: string; value: boolean | number | string }) => changeSettings(vendor, { [name]: value }),
    stales: ['sandbox'],
  })
  return (
    <>
      {save.isError && <ErrorState error={save.error} />}
      <ul className="divide-y divide-line">
        {settings.map((setting) => (
          <li
            key={setting.name}
            className="grid grid-cols-[88px_minmax(0,1fr)_auto] items-center gap-4 py-2.5 text-dense max-sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <span className="max-sm:col-span-2">
              <MarkBadge mark={setting.mark} />
            </span>
            <span className="min-w-0">
              {setting.title}
              <code className="block text-caption text-faint">{setting.name}</code>
            </span>
            <SettingControl
              key={String(setting.value)}
              setting={setting}
              onChange={(value) => save.mutate({ name: setting.name, value })}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

function SettingControl({ setting, onChange }: { setting: SandboxSetting; onChange: (value: boolean | number | string) => void }) {
  const [text, setText] = useState(String(setting.value))
  if (typeof setting.value === 'boolean') return <Switch isOn={setting.value} label={setting.title} onChange={onChange} />
  if (setting.choices.length > 0)
    return (
      <Select
        label={setting.title}
        className="w-44"
        value={setting.value as string}
        options={setting.choices.map((value) => ({ value, label: wordsOfName(value) }))}
        onChange={onChange}
      />
    )
  const isNumber = typeof setting.value === 'number'
  const save = () => text !== String(setting.value) && onChange(isNumber && !Number.isNaN(Number(text)) ? Number(text) : text)
  return (
    <TextInput
      aria-label={setting.title}
      className="w-44"
      value={text}
      onText={setText}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  )
}
