import type { AgencyView } from '@couplet/api'
import { Checkbox } from '@base-ui/react/checkbox'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SearchBox } from '../../ui/search-box.tsx'

type Account = AgencyView['accounts'][number]

/** Many sub-accounts to choose from, by search and all at once. Those that are connected are links. */
export function AccountPicker({
  accounts,
  chosen,
  onChange,
}: {
  accounts: readonly Account[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const [search, setSearch] = useState('')
  const shown = accounts.filter(({ name, address, id }) => `${name} ${address ?? ''} ${id}`.toLowerCase().includes(search.toLowerCase()))
  const open = shown.filter(({ connectionId }) => connectionId === null).map(({ id }) => id)
  const isAll = open.length > 0 && open.every((id) => chosen.includes(id))
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Sub-accounts</legend>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <SearchBox label="Search sub-accounts" value={search} onText={setSearch} className="flex-1 basis-60" />
        <Button
          disabled={open.length === 0}
          onClick={() => onChange(isAll ? chosen.filter((id) => !open.includes(id)) : [...new Set([...chosen, ...open])])}
        >
          {isAll ? 'Choose none' : `Choose all ${open.length}`}
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className="py-4 text-dense text-soft">{accounts.length === 0 ? 'The agency has no sub-account.' : 'None fits the search.'}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {shown.map((account) => (
            <li key={account.id} className="text-dense">
              {account.connectionId === null ? (
                <label className="flex min-h-11 items-center gap-3 px-1 py-1.5 hover:bg-panel">
                  <Checkbox.Root
                    checked={chosen.includes(account.id)}
                    onCheckedChange={(isOn) => onChange(isOn ? [...chosen, account.id] : chosen.filter((id) => id !== account.id))}
                    className="flex size-4 shrink-0 items-center justify-center rounded-sm border border-edge bg-canvas data-[checked]:border-accent data-[checked]:bg-accent"
                  >
                    <Checkbox.Indicator>
                      <Check aria-hidden className="size-3 text-accent-on" strokeWidth={3} />
                    </Checkbox.Indicator>
                  </Checkbox.Root>
                  <Words account={account} />
                  {account.isInstalled && <span className="text-caption text-soft">app installed</span>}
                </label>
              ) : (
                <Link
                  to="/connections/$connectionId"
                  params={{ connectionId: account.connectionId }}
                  className="flex min-h-11 items-center gap-3 px-1 py-1.5 hover:bg-panel"
                >
                  <Check aria-hidden className="size-4 shrink-0 text-done" />
                  <Words account={account} />
                  <span className="text-caption text-done">connected</span>
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}

function Words({ account }: { account: Account }) {
  return (
    <span className="min-w-0 flex-1">
      <span className="block truncate">{account.name}</span>
      {account.address !== undefined && account.address !== '' && (
        <span className="block truncate text-caption text-soft">{account.address}</span>
      )}
    </span>
  )
}
