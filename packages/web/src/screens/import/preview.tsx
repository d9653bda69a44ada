import type { ImportPreview, ImportView } from '@couplet/api'
import { useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { Section } from '../../shell/page.tsx'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { plural } from '../../words/times.ts'
import { signInWords } from './import-words.ts'
import { LeftOut } from './left-out.tsx'
import { ReviewTable } from './review-table.tsx'
import type { Source } from './source-form.tsx'

/** What would become of a file, to be named, corrected and then kept. */
export function Preview({
  preview,
  source,
  onto,
  onDone,
  onBack,
}: {
  preview: ImportPreview
  source: Source
  onto: string | undefined
  onDone: (made: ImportView) => void
  onBack: () => void
}) {
  const [title, setTitle] = useState(preview.title)
  const [id, setId] = useState(preview.suggestedId)
  const [server, setServer] = useState(preview.servers[0] ?? '')
  const [signIn, setSignIn] = useState('0')
  const [isExtending, setExtending] = useState(preview.extends !== null)
  const [effects, setEffects] = useState<Record<string, ImportPreview['operations'][number]['effect']>>({})
  const extending = preview.extends !== null && isExtending ? preview.extends : null
  const keep = useAct({
    run: () =>
      api.imports.create({
        body: {
          source,
          effects,
          signIn: Number(signIn),
          ...(server.trim() === '' || server === preview.servers[0] ? {} : { server: server.trim() }),
          ...(onto === undefined ? { title, ...(extending ? { extends: extending.connector } : { id }) } : { onto }),
        },
      }),
    stales: ['catalogue', 'imports'],
    onDone,
  })
  const fields = keep.isError ? problemOf(keep.error).fields : undefined
  const count = preview.operations.filter(({ change }) => change !== 'gone').length
  const of = (change: string) => preview.operations.filter((row) => row.change === change).length
  return (
    <div className="grid grid-cols-[minmax(0,1fr)]">
      <Section title={preview.version === '' ? preview.title : `${preview.title}, version ${preview.version}`}>
        {onto !== undefined && (
          <p className="mb-3 text-dense text-soft">
            {of('new')} new, {of('changed')} changed, {of('gone')} not in the file any more, {of('same')} as before. Flows keep the versions
            they have; the builder offers the new ones.
          </p>
        )}
        {onto === undefined && preview.extends && (
          <Note tone="info" className="mb-4 max-w-3xl">
            <div className="grid gap-2">
              <p className="text-ink">
                This is {preview.extends.title}’s own file. It settles what Couplet only <Term id="marks">assumed</Term> about{' '}
                {preview.extends.title}: {plural(preview.extends.confirmed.length, 'operation')} confirmed,{' '}
                {preview.extends.corrected.length} replaced by the file’s, {preview.extends.unknown.length} not in the file. All others of
                the file are added.
              </p>
              <Names title="Confirmed" names={preview.extends.confirmed} />
              <Names title="Replaced" names={preview.extends.corrected} />
              <Names title="Still assumed" names={preview.extends.unknown} />
              <Switch isOn={isExtending} onChange={setExtending} label={`Add it to ${preview.extends.title}`} />
            </div>
          </Note>
        )}
        {onto === undefined && !extending && (
          <div className="grid max-w-3xl gap-4 sm:grid-cols-2">
            <Field label="Name" isRequired>
              <TextInput value={title} onText={setTitle} />
            </Field>
            <Field label="Id" isRequired hint="Flows name operations by it; it stays." error={fields?.['id']}>
              <TextInput value={id} onText={setId} />
            </Field>
            <Field
              label="Base URL"
              isRequired
              hint="Secrets of its connections go to this host and those in the file, nowhere else."
              error={fields?.['server']}
            >
              <TextInput value={server} onText={setServer} placeholder="https://api.example.com/v1" />
            </Field>
            <Field label={<Term id="credentials">Signs in by</Term>}>
              <Select
                label="Signs in by"
                value={signIn}
                options={preview.signIns.map((one, index) => ({ value: String(index), label: signInWords(one) }))}
                onChange={setSignIn}
              />
            </Field>
          </div>
        )}
      </Section>
      <Section title={`${count} operations`}>
        <ReviewTable
          rows={preview.operations}
          effects={effects}
          onEffect={(row, effect) => setEffects({ ...effects, [row.call]: effect })}
        />
      </Section>
      <Section title="What was left out or open">
        <LeftOut leftOut={preview.leftOut} />
      </Section>
      <div className="mt-6 grid gap-3">
        {keep.isError && !fields && <ErrorState error={keep.error} />}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" isBusy={keep.isPending} disabled={count === 0} onClick={() => keep.mutate()}>
            {onto === undefined ? `Import ${plural(count, 'operation')}` : 'Bring it up to date'}
          </Button>
          <Button onClick={onBack}>Choose another file</Button>
        </div>
      </div>
    </div>
  )
}

const Names = ({ title, names }: { title: string; names: readonly string[] }) =>
  names.length === 0 ? null : (
    <p className="text-caption">
      <span className="font-medium">{title}:</span> {names.join(', ')}
    </p>
  )
