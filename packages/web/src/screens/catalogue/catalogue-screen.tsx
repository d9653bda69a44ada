import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { Term } from '../../glossary/term.tsx'
import { Page } from '../../shell/page.tsx'
import { operationsQuery } from '../../server/queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { vendorName } from '../../ui/vendor-tile.tsx'
import { plural } from '../../words/times.ts'
import { CatalogueFilters } from './catalogue-filters.tsx'
import { findOperations, indexOf, type OperationFilter } from './find-operations.ts'
import { OperationTable } from './operation-table.tsx'

const route = getRouteApi('/catalogue')

/** Every operation of every connector. The list is found in the browser while one types; the address keeps what was asked. */
export function CatalogueScreen() {
  const filter = route.useSearch()
  const navigate = useNavigate({ from: '/catalogue' })
  const operations = useQuery(operationsQuery)
  const [typed, setTyped] = useState(filter.search ?? '')
  useEffect(() => setTyped(filter.search ?? ''), [filter.search])
  const search = useDeferredValue(typed)
  const index = useMemo(() => indexOf(operations.data ?? [], vendorName), [operations.data])
  const { connector, module, scope, does } = filter
  const found = useMemo(
    () => findOperations(index, { search, connector, module, scope, does }),
    [index, search, connector, module, scope, does],
  )
  const change = (changes: OperationFilter) => void navigate({ search: (now) => ({ ...now, ...changes }), replace: true })
  const total = operations.data?.length ?? 0
  return (
    <Page
      title="Catalogue"
      lead={
        <>
          Everything Couplet can ask of a vendor or hear from one: each <Term id="operation">operation</Term> with its fields, the{' '}
          <Term id="scope">permissions</Term> it takes, and what is known about it.
        </>
      }
      actions={
        <>
          <Link to="/glossary" className={buttonClass()}>
            Glossary
          </Link>
          <Link to="/catalogue/import" className={buttonClass({ variant: 'primary' })}>
            Import an API
          </Link>
        </>
      }
      filters={
        <>
          <SearchBox
            label="Search by words, path or id"
            value={filter.search ?? ''}
            onTyping={setTyped}
            onText={(text) => change({ search: text || undefined })}
            className="w-72 max-sm:w-full"
          />
          <CatalogueFilters operations={operations.data ?? []} filter={filter} onChange={change} />
        </>
      }
    >
      {operations.isPending ? (
        <SkeletonRows rows={12} label="Loading the catalogue" />
      ) : operations.isError ? (
        <ErrorState error={operations.error} onRetry={() => void operations.refetch()} />
      ) : (
        <>
          <p className="figures mb-1 text-dense text-soft" role="status">
            {found.length === total ? plural(total, 'operation') : `${found.length} of ${plural(total, 'operation')}`}
          </p>
          {found.length === 0 ? (
            <div className="py-6 text-body text-soft">
              <p>Nothing fits. Try another word, or take a filter away.</p>
              <Button className="mt-3" onClick={() => void navigate({ search: {} })}>
                Clear all filters
              </Button>
            </div>
          ) : (
            <OperationTable operations={found} />
          )}
        </>
      )}
    </Page>
  )
}
