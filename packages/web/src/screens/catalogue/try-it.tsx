import type { OperationDetail } from '@couplet/api'
import { isJsonObject } from '@couplet/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { HeldWrite } from '../../builder/test/held-write.tsx'
import { Term } from '../../glossary/term.tsx'
import { SchemaForm } from '../../schema/schema-form.tsx'
import { usePick } from '../../schema/use-pick.tsx'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { connectionsQuery } from '../../server/queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { LiveBadge } from '../../ui/environment-mark.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { TryResult } from './try-result.tsx'

/** Performs the operation once, with values a person enters. A write to a live account is shown first, exactly as it would leave, and asked for. */
export function TryIt({ operation }: { operation: OperationDetail }) {
  const connections = useQuery({ ...connectionsQuery, enabled: operation.needsConnection })
  const own = (connections.data ?? []).filter(({ connector }) => connector === operation.connector)
  const [chosen, setChosen] = useState<string>()
  const connection = own.find(({ id }) => id === chosen) ?? own.find(({ environment }) => environment === 'sandbox') ?? own[0]
  const [input, setInput] = useState<Record<string, unknown>>({})
  const [formAge, setFormAge] = useState(0)
  const pick = usePick(operation.needsConnection && !connection ? undefined : operation.connector, connection?.id)
  const act = useAct({
    run: (approved: string | undefined) =>
      api.catalogue.tryOut({
        params: { operation: operation.id },
        body: {
          version: operation.version,
          input,
          ...(approved === undefined ? {} : { approved }),
          ...(connection && operation.needsConnection ? { connection: connection.id } : {}),
        },
      }),
    stales: ['connections'],
  })
  const held = act.data?.held
  const problem = act.isError ? problemOf(act.error) : undefined
  const example = operation.exampleInput
  if (operation.needsConnection && connections.isSuccess && own.length === 0)
    return (
      <Note
        actions={
          <Link to="/connections" search={{ add: operation.connector }} className={buttonClass({ size: 'sm' })}>
            Connect {vendorName(operation.connector)}
          </Link>
        }
      >
        It takes a connection to {vendorName(operation.connector)} to try this.
      </Note>
    )
  const isWrite = operation.kind === 'action' && operation.effect !== 'read'
  const isLive = connection?.environment !== 'sandbox'
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate(undefined)
      }}
    >
      {operation.needsConnection && (
        <Field
          label={<Term id="connection">Connection</Term>}
          hint={
            isLive
              ? isWrite
                ? 'A real account: you see the exact request first, and it is sent only when you say so.'
                : 'A real account. This operation only reads.'
              : 'A simulated account: play as you like.'
          }
        >
          <Select
            value={connection?.id}
            options={own.map(({ id, name, environment }) => ({
              value: id,
              label: `${name} · ${environment === 'live' ? 'Live' : 'Sandbox'}`,
            }))}
            onChange={setChosen}
            label="Connection"
            className="w-full max-w-md"
          />
        </Field>
      )}
      <div className="max-w-xl">
        <SchemaForm key={formAge} schema={operation.input} value={input} onChange={setInput} pick={pick} errors={problem?.fields} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {isWrite && operation.needsConnection && <LiveBadge environment={connection?.environment} />}
        <Button type="submit" variant="primary" icon={Play} isBusy={act.isPending}>
          {operation.kind === 'trigger'
            ? 'Look at what is there now'
            : isWrite && isLive
              ? 'Show what would be sent'
              : isWrite
                ? 'Send to the sandbox'
                : 'Ask the vendor'}
        </Button>
        {isJsonObject(example) && Object.keys(example).length > 0 && (
          <Button
            variant="quiet"
            onClick={() => {
              setInput({ ...example })
              setFormAge(formAge + 1)
            }}
          >
            Fill in the example
          </Button>
        )}
      </div>
      {problem && !problem.fields && <ErrorState error={act.error} />}
      {problem?.fields && <Note tone="failed">{problem.message}</Note>}
      {act.data && !held && <TryResult tried={act.data} />}
      {held && (
        <HeldWrite
          write={held}
          where={connection?.name ?? 'Couplet'}
          isBusy={act.isPending}
          onSend={() => act.mutate(act.data?.ticket)}
          onDrop={() => act.reset()}
        />
      )}
    </form>
  )
}
