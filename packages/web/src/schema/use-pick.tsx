import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { Combobox } from '../ui/combobox.tsx'
import type { FieldView } from './read-schema.ts'
import type { PickControl } from './schema-form.tsx'

type PickProps = {
  connector: string
  connection: string | undefined
  field: FieldView
  /** Where the field itself does not name it alone. */
  list?: string
  value: string | undefined
  onChange: (value: string | undefined) => void
  given: Readonly<Record<string, unknown>>
}

/** A choice list of the vendor, read live through the connection. When it cannot be read it says why, and typing stays possible. */
export function VendorPick({ connector, connection, field, list = String(field.schema['list']), value, onChange, given }: PickProps) {
  const names: readonly unknown[] = Array.isArray(field.schema['given']) ? field.schema['given'] : []
  const needed = Object.fromEntries(names.map((name) => [String(name), given[String(name)]]))
  const missing = Object.entries(needed).filter(([, known]) => known === undefined || known === '')
  // Couplet's own lists need no account.
  const canAsk = connection !== undefined || connector === 'builtin'
  const choices = useQuery({
    queryKey: ['choices', connector, list, connection ?? '', needed],
    queryFn: async ({ signal }) =>
      (
        await api.catalogue.choices({
          body: { connector, list, given: needed, ...(connection === undefined ? {} : { connection }) },
          signal,
        })
      ).choices,
    enabled: missing.length === 0 && canAsk,
    staleTime: 60_000,
    retry: false,
  })
  const status =
    missing.length > 0
      ? `Choose ${missing.map(([name]) => name).join(' and ')} first.`
      : !canAsk
        ? 'Choose an account for this step first.'
        : choices.isPending
          ? 'Asking the vendor'
          : choices.isError
            ? `${problemOf(choices.error).message} ${problemOf(choices.error).hint ?? ''}`
            : undefined
  return (
    <Combobox
      value={value}
      options={choices.data ?? []}
      onChange={onChange}
      label={field.title}
      placeholder="Choose, or type to search"
      status={status}
      emptyText="The vendor has none."
    />
  )
}

/** The pick control of forms, bound to a connector and a connection. */
export function usePick(connector: string | undefined, connection: string | undefined): PickControl | undefined {
  const control = useCallback<PickControl>(
    (field, value, onChange, siblings) => (
      <VendorPick connector={connector ?? ''} connection={connection} field={field} value={value} onChange={onChange} given={siblings} />
    ),
    [connector, connection],
  )
  return connector === undefined ? undefined : control
}
