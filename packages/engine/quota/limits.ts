import { durationMs } from '@couplet/core'
import { type Connector, type Limit, retryAfter } from '@couplet/connector-sdk'
import type { BucketName } from '@couplet/store'
import type { DeclaredLimit, Said } from './sync.ts'

/** A connector's declaration, whatever its connection looks like. */
export type AnyConnectorSpec = Connector['spec']

/** A limit that applies to a call: its bucket, how it is kept, and how the vendor's headers speak of it. */
export type AppliedLimit = {
  name: BucketName
  kind: 'window' | 'budget'
  limit: DeclaredLimit
  /** By location at a limit of the whole connector, else by flow. */
  turnsBy: 'account' | 'flow'
  headers: NonNullable<Limit['headers']>
}

/** A pace that a step sets itself, for a host that no connector knows. */
export type HostPace = { host: string; calls: number; perSeconds: number }

/** From here on calls are counted rather than kept token by token. */
const BUDGET_FROM_MS = 3_600_000
const EVERY_ACCOUNT = '*'

/** The limits of a call, those counted over a long time first: what they refuse is refused for long. */
export function limitsOf(spec: AnyConnectorSpec, account: string, pace: HostPace | undefined): AppliedLimit[] {
  const declared = Object.entries(spec.limits).map(([limit, { max, per, by, headers }]): AppliedLimit => {
    const perMs = durationMs(per)
    return {
      name: { connector: spec.id, account: by === 'connector' ? EVERY_ACCOUNT : account, limit },
      kind: perMs >= BUDGET_FROM_MS ? 'budget' : 'window',
      limit: { max, perMs },
      turnsBy: by === 'connector' ? 'account' : 'flow',
      headers: lowerCased(headers ?? {}),
    }
  })
  if (pace)
    declared.push({
      name: { connector: spec.id, account: pace.host, limit: 'pace' },
      kind: 'window',
      limit: { max: pace.calls, perMs: pace.perSeconds * 1_000 },
      turnsBy: 'flow',
      headers: {},
    })
  return declared.toSorted((a, b) => b.limit.perMs - a.limit.perMs)
}

const lowerCased = (headers: NonNullable<Limit['headers']>): NonNullable<Limit['headers']> =>
  Object.fromEntries(Object.entries(headers).map(([what, name]) => [what, name.toLowerCase()]))

/** Epoch ms, when a header gives a point in time instead of a span. */
const POINT_FROM_MS = 100_000_000_000
const REFUSED_MAX_MS = 3_600_000

/**
 * What an answer says of a limit, if anything. A 429 closes the shortest limit for as long as the vendor asks (`Retry-After`), else for a
 * window: others would only be refused too.
 */
export function readSaid(
  applied: AppliedLimit,
  answer: { headers: Readonly<Record<string, string>>; status: number; now: number },
  isShortest: boolean,
): Omit<Said, 'agoMs'> | undefined {
  const read = (name: string | undefined): number | undefined => {
    const text = name === undefined ? undefined : answer.headers[name]
    const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(value) && value >= 0 ? value : undefined
  }
  const resets = read(applied.headers.resetMs)
  const said = {
    max: read(applied.headers.max),
    remaining: read(applied.headers.remaining),
    perMs: read(applied.headers.intervalMs),
    resetsInMs: resets !== undefined && resets > POINT_FROM_MS ? resets - answer.now : resets,
    refusedForMs: answer.status === 429 && isShortest ? refusedFor(applied, answer) : undefined,
  }
  return Object.values(said).some((value) => value !== undefined) ? said : undefined
}

function refusedFor(applied: AppliedLimit, answer: { headers: Readonly<Record<string, string>>; now: number }): number {
  const { retryAfterMs = 0 } = retryAfter(answer.headers, answer.now)
  return Math.min(REFUSED_MAX_MS, retryAfterMs > 0 ? retryAfterMs : applied.limit.perMs)
}
