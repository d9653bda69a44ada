import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Note } from '../../ui/note.tsx'
import { TextArea } from '../../ui/text-input.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import type { ReadStep } from '../model/new-step.ts'

/** A cURL command becomes what a step does. Secrets in it stay out: they belong into a connection. `take` and `back` are what the buttons say. */
export function PasteCurl({
  take,
  back,
  onStep,
  onBack,
}: {
  take: string
  back: string
  onStep: (step: ReadStep) => void
  onBack: () => void
}) {
  const [command, setCommand] = useState('')
  const read = useAct({ run: () => api.imports.curl({ body: { command } }), stales: [] })
  const step = read.data
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        read.mutate()
      }}
    >
      <Field label={<Term id="curl">cURL command</Term>} hint="As documents show it, or as a browser copies it. Nothing is run.">
        <TextArea
          value={command}
          onText={(text) => {
            setCommand(text)
            read.reset()
          }}
          placeholder="curl https://api.example.com/items"
        />
      </Field>
      {read.isError && <ErrorState error={read.error} />}
      {step && (
        <>
          <p className="text-dense font-medium">{step.title}</p>
          <JsonView value={step.input} label="Copy the input" />
          {step.secrets.length > 0 && (
            <Note
              tone="attention"
              actions={
                step.known ? (
                  <Link to="/connections" search={{ add: step.known.connector }} className="underline">
                    Connect {vendorName(step.known.connector)}
                  </Link>
                ) : (
                  <Link to="/catalogue/import" className="underline">
                    Import this API
                  </Link>
                )
              }
            >
              Left out: {step.secrets.map(({ place, name }) => `${name} (${place})`).join(', ')}. Secrets in a flow would show in it, in its
              runs and in its file. Put them into a <Term id="connection">connection</Term>
              {step.known ? ` to ${vendorName(step.known.connector)}, and use its operations.` : ' of a connector for this API.'}
            </Note>
          )}
        </>
      )}
      <div className="flex flex-wrap gap-2">
        {step ? (
          <Button variant="primary" onClick={() => onStep(step)}>
            {take}
          </Button>
        ) : (
          <Button type="submit" variant="primary" isBusy={read.isPending} disabled={command.trim() === ''}>
            Read the command
          </Button>
        )}
        <Button onClick={onBack}>{back}</Button>
      </div>
    </form>
  )
}
