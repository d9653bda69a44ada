import { faultIn } from '@couplet/api'
import { isJsonObject, parseJson, userFault } from '@couplet/core'
import { queryOptions } from '@tanstack/react-query'
import { fetchHere } from '../../server/client.ts'

/** Where the server passes a control request on. */
export const controlAddress = (vendor: string, path: string): string => `/api/sandbox/${vendor}/control${path}`

/**
 * The control surface of a simulated vendor, reached through Couplet: the page's policy lets it talk to its own server only.
 * `GET /api/sandbox/{vendor}/control/{path}` answers what `{controlUrl}/{path}` answers.
 */
async function control(vendor: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const response = await fetchHere(controlAddress(vendor, path), {
    method,
    headers: { accept: 'application/json', ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  })
  const parsed = parseJson(await response.text())
  if (response.ok) return parsed
  const fault = faultIn(parsed)
  if (fault) throw fault
  throw userFault({
    code: 'sandbox.refused',
    message:
      isJsonObject(parsed) && typeof parsed['error'] === 'string' ? parsed['error'] : `The simulated vendor answered ${response.status}.`,
    hint: 'Check what was entered.',
  })
}

export type Mark = 'CONFIRMED' | 'REPORTED' | 'ASSUMED'
export type SandboxSetting = { name: string; title: string; mark: Mark; value: boolean | number | string; choices: readonly string[] }
export type SandboxFault = { kind: string; method?: string; path?: string; times?: number; status?: number; delayMs?: number }
export type Overview = { now: string; settings: SandboxSetting[]; faults: SandboxFault[]; actions: { name: string; title: string }[] }
export type LoggedRequest = {
  seq: number
  at: string
  method: string
  path: string
  query: unknown
  body: unknown
  status: number
  tookMs: number
  runId: string | undefined
  note: string | undefined
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
/** Polls introduce themselves with the id of their trigger, which is no run to open. */
const runIdOf = (value: unknown): string | undefined => (typeof value === 'string' && value.startsWith('run_') ? value : undefined)
const isMark = (value: unknown): value is Mark => value === 'CONFIRMED' || value === 'REPORTED' || value === 'ASSUMED'

function settingOf(name: string, said: unknown): SandboxSetting[] {
  if (!isJsonObject(said)) return []
  const { value, mark, title, choices } = said
  if (typeof value !== 'boolean' && typeof value !== 'number' && typeof value !== 'string') return []
  return [
    {
      name,
      value,
      mark: isMark(mark) ? mark : 'ASSUMED',
      title: text(title) ?? name,
      choices: Array.isArray(choices) ? choices.map(String) : [],
    },
  ]
}

function faultRule(said: unknown): SandboxFault[] {
  if (!isJsonObject(said) || typeof said['kind'] !== 'string') return []
  const [method, path] = [text(said['method']), text(said['path'])]
  const [times, status, delayMs] = [number(said['times']), number(said['status']), number(said['delayMs'])]
  return [
    {
      kind: said['kind'],
      ...(method ? { method } : {}),
      ...(path ? { path } : {}),
      ...(times === undefined ? {} : { times }),
      ...(status === undefined ? {} : { status }),
      ...(delayMs === undefined ? {} : { delayMs }),
    },
  ]
}

export const overviewQuery = (vendor: string) =>
  queryOptions({
    queryKey: ['sandbox', vendor, 'overview'],
    queryFn: async (): Promise<Overview> => {
      const said = await control(vendor, 'GET', '')
      const members = isJsonObject(said) ? said : {}
      return {
        now: text(members['now']) ?? new Date().toISOString(),
        settings: isJsonObject(members['settings'])
          ? Object.entries(members['settings']).flatMap(([name, setting]) => settingOf(name, setting))
          : [],
        faults: Array.isArray(members['faults']) ? members['faults'].flatMap(faultRule) : [],
        actions: isJsonObject(members['actions'])
          ? Object.entries(members['actions']).map(([name, title]) => ({ name, title: String(title) }))
          : [],
      }
    },
    retry: false,
  })

export const stateQuery = (vendor: string) =>
  queryOptions({
    queryKey: ['sandbox', vendor, 'state'],
    queryFn: async () => {
      const said = await control(vendor, 'GET', '/state')
      return isJsonObject(said) ? said : {}
    },
    retry: false,
  })

export const requestsQuery = (vendor: string) =>
  queryOptions({
    queryKey: ['sandbox', vendor, 'requests'],
    queryFn: async (): Promise<LoggedRequest[]> => {
      const said = await control(vendor, 'GET', '/requests')
      if (!Array.isArray(said)) return []
      const rows = said.filter(isJsonObject).map((row): LoggedRequest => ({
        seq: number(row['seq']) ?? 0,
        at: text(row['at']) ?? '',
        method: text(row['method']) ?? '',
        path: text(row['path']) ?? '',
        query: row['query'],
        body: row['body'],
        status: number(row['status']) ?? 0,
        tookMs: number(row['tookMs']) ?? 0,
        runId: runIdOf(row['runId']),
        note: text(row['note']),
      }))
      return rows.toReversed()
    },
    refetchInterval: 3_000,
    retry: false,
  })

export const changeSettings = (vendor: string, changes: Record<string, boolean | number | string>) =>
  control(vendor, 'PATCH', '/settings', changes)
export const addFault = (vendor: string, fault: SandboxFault) => control(vendor, 'POST', '/faults', fault)
export const clearFaults = (vendor: string) => control(vendor, 'DELETE', '/faults')
export const moveClock = (vendor: string, move: { advanceMs?: number; reset?: boolean }) => control(vendor, 'POST', '/clock', move)
export const resetVendor = (vendor: string, seed: 'sample' | 'empty') => control(vendor, 'POST', '/reset', { seed })
export const runAction = (vendor: string, name: string, input: unknown) =>
  control(vendor, 'POST', `/actions/${encodeURIComponent(name)}`, input)
/** Replaces whole collections of the vendor's data. */
export const putCollection = (vendor: string, name: string, rows: unknown) => control(vendor, 'POST', '/seed', { [name]: rows })
