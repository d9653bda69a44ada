import type { ImportView } from '@couplet/api'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { Page, Section } from '../../shell/page.tsx'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Note } from '../../ui/note.tsx'
import { plural } from '../../words/times.ts'
import { ImportedList } from './imported-list.tsx'
import { Preview } from './preview.tsx'
import { type Source, SourceForm } from './source-form.tsx'

const route = getRouteApi('/catalogue/import')

/** An OpenAPI or Swagger file becomes a connector: choose it, look at what becomes of it, keep it. */
export function ImportScreen() {
  const { onto } = route.useSearch()
  const navigate = useNavigate({ from: '/catalogue/import' })
  const [source, setSource] = useState<Source>()
  const [made, setMade] = useState<ImportView>()
  const read = useAct({
    run: (chosen: Source) => api.imports.preview({ body: { source: chosen, ...(onto === undefined ? {} : { onto }) } }),
    stales: [],
  })
  const begin = () => {
    read.reset()
    setSource(undefined)
  }
  return (
    <Page
      title={onto === undefined ? 'Import an API' : `A newer file for ${onto}`}
      back={
        <Link to="/catalogue" className="mb-2 inline-flex items-center gap-1 text-dense text-soft hover:text-ink">
          <ArrowLeft aria-hidden className="size-4" /> Catalogue
        </Link>
      }
      lead={
        <>
          Any API with an <Term id="openapi">OpenAPI or Swagger file</Term> becomes a <Term id="connector">connector</Term>: a form for its
          connections, an action for every operation, a trigger for every list. Nothing in the file is opened or called while it is read.
        </>
      }
    >
      {made && (
        <Note
          tone="done"
          className="mb-4"
          actions={
            <>
              <Link to="/catalogue" search={{ connector: made.extends ?? made.id }} className={buttonClass({ size: 'sm' })}>
                Show its operations
              </Link>
              <Link to="/connections" search={{ add: made.extends ?? made.id }} className={buttonClass({ size: 'sm', variant: 'primary' })}>
                Connect an account
              </Link>
            </>
          }
        >
          {made.title} is a connector now, with {plural(made.operationCount, 'operation')}.
        </Note>
      )}
      {read.data && source ? (
        <Preview
          preview={read.data}
          source={source}
          onto={onto}
          onBack={begin}
          onDone={(view) => {
            setMade(view)
            begin()
            void navigate({ search: {} })
          }}
        />
      ) : (
        <>
          <Section title="Where is the file?">
            <SourceForm
              isBusy={read.isPending}
              onSource={(chosen) => {
                setMade(undefined)
                setSource(chosen)
                read.mutate(chosen)
              }}
            />
            {read.isError && <ErrorState error={read.error} title="The file could not be imported" />}
          </Section>
          <ImportedList />
        </>
      )}
    </Page>
  )
}
