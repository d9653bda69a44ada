import type { FlowDetail, PinView } from '@couplet/api'
import type { Json } from '@couplet/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { pinsQuery, runQuery, runsQuery } from '../../server/queries.ts'
import { say } from '../../ui/toast.tsx'
import { asJson, capturedData } from './sample-data.ts'

/** Whose accounts a test works with: chosen once for the whole draft. */
export type TestAccounts = { environment: 'sandbox' | 'live'; connections: Readonly<Record<string, string>> }

/** Where the value beside a name comes from. */
export type Origin = 'pinned' | 'tested' | 'run' | 'sample'

export type TestData = {
  source: 'samples' | 'last-run'
  choose: (source: TestData['source']) => void
  hasRun: boolean
  /** Name (`trigger`, a step id) → value: what is pinned, else what the last test gave, else the last run. Samples fill the rest. */
  values: Readonly<Record<string, Json>>
  originOf: (name: string) => Origin
  pins: ReadonlyMap<string, PinView>
  pin: (step: string, data: Json, source: PinView['source']) => void
  unpin: (step: string) => void
  /** Results of a test, until the page is left. */
  keepTested: (results: Readonly<Record<string, Json>>) => void
  accounts: TestAccounts
  setAccounts: (accounts: TestAccounts) => void
}

const NOTHING: Readonly<Record<string, Json>> = {}

/** The data the draft is built and tested with. */
export function useTestData(flow: FlowDetail): TestData {
  const client = useQueryClient()
  const [source, choose] = useState<TestData['source']>('samples')
  const [tested, setTested] = useState(NOTHING)
  const [accounts, setAccounts] = useState<TestAccounts>({ environment: 'sandbox', connections: {} })
  const runs = useInfiniteQuery(runsQuery({ flow: flow.id, state: 'done' }))
  const lastId = runs.data?.pages[0]?.runs[0]?.id
  const last = useQuery({ ...runQuery(lastId ?? ''), enabled: source === 'last-run' && lastId !== undefined })
  const query = pinsQuery(flow.id)
  const found = useQuery(query)
  const pins = useMemo(() => new Map((found.data ?? []).map((pin) => [pin.step, pin])), [found.data])
  const onError = (error: unknown) => say(problemOf(error).message, problemOf(error).hint)
  const refresh = () => client.invalidateQueries({ queryKey: query.queryKey })
  const pinning = useMutation({
    mutationFn: ({ step, data, source: from }: { step: string; data: Json; source: PinView['source'] }) =>
      api.flowTests.pin({ params: { flow: flow.id, step }, body: { data: JSON.parse(JSON.stringify(data)), source: from } }),
    onSuccess: refresh,
    onError,
  })
  const unpinning = useMutation({
    mutationFn: (step: string) => api.flowTests.unpin({ params: { flow: flow.id, step } }),
    onSuccess: refresh,
    onError,
  })
  const ran = useMemo(() => (source === 'last-run' && last.data ? capturedData(last.data) : NOTHING), [source, last.data])
  const values = useMemo(() => {
    const pinned: Record<string, Json> = {}
    for (const [step, { data }] of pins) {
      const value = asJson(data)
      if (value !== undefined) pinned[step] = value
    }
    return { ...ran, ...tested, ...pinned }
  }, [pins, tested, ran])
  const originOf = useCallback(
    (name: string): Origin =>
      pins.has(name) ? 'pinned' : Object.hasOwn(tested, name) ? 'tested' : Object.hasOwn(ran, name) ? 'run' : 'sample',
    [pins, tested, ran],
  )
  const keepTested = useCallback((results: Readonly<Record<string, Json>>) => setTested((known) => ({ ...known, ...results })), [])
  const { mutate: pin } = pinning
  const { mutate: unpin } = unpinning
  return useMemo(
    () => ({
      source,
      choose,
      hasRun: lastId !== undefined,
      values,
      originOf,
      pins,
      pin: (step, data, from) => pin({ step, data, source: from }),
      unpin: (step) => unpin(step),
      keepTested,
      accounts,
      setAccounts,
    }),
    [source, lastId, values, originOf, pins, pin, unpin, keepTested, accounts],
  )
}
