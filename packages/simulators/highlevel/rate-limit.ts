import type { Highlevel } from './context.ts'
import { isOn } from './context.ts'
import { VendorRefusal } from './errors.ts'
import type { RateCounter, Token } from './state.ts'

const DAY_MS = 86_400_000

/** Limits are counted per app (a Private Integration Token counts as its own app) and per location or company. */
export const rateKey = (token: Pick<Token, 'appId' | 'token' | 'locationId' | 'companyId'>): string =>
  `${token.appId === '' ? token.token : token.appId}|${token.locationId === '' ? token.companyId : token.locationId}`

/** The five headers of every answer; `x-ratelimit-daily-reset` is not always sent by the vendor and never by us. */
export function rateHeaders(context: Highlevel, counter?: RateCounter): Record<string, string> {
  const max = context.setting('rateLimitMax')
  const dailyMax = context.setting('rateLimitDailyMax')
  return {
    'X-RateLimit-Limit-Daily': String(dailyMax),
    'X-RateLimit-Daily-Remaining': String(Math.max(0, dailyMax - (counter?.usedToday ?? 0))),
    'X-RateLimit-Interval-Milliseconds': String(context.setting('rateLimitIntervalMs')),
    'X-RateLimit-Max': String(max),
    'X-RateLimit-Remaining': String(Math.max(0, max - (counter?.used ?? 0))),
  }
}

/** The counter of a key with windows that have ended started afresh. */
export function counterFor(context: Highlevel, key: string): RateCounter {
  const now = context.clock.now()
  const counter = (context.state.rateCounters[key] ??= { windowStartedAt: now, used: 0, dayStartedAt: now, usedToday: 0 })
  const isOver = (startedAt: number, lengthMs: number) => now - startedAt >= lengthMs || now < startedAt
  if (isOver(counter.windowStartedAt, context.setting('rateLimitIntervalMs'))) Object.assign(counter, { windowStartedAt: now, used: 0 })
  if (isOver(counter.dayStartedAt, DAY_MS)) Object.assign(counter, { dayStartedAt: now, usedToday: 0 })
  return counter
}

/** Counts a request; `isOver` when it must be refused. A refused request is not counted. */
export function countRequest(context: Highlevel, token: Token): { counter: RateCounter; isOver: boolean } {
  const counter = counterFor(context, rateKey(token))
  const isPit = token.kind === 'pit' || token.kind === 'agency-pit'
  const max =
    isPit && !context.isStrict()
      ? Math.min(context.setting('rateLimitMax'), context.setting('pitBurstMax'))
      : context.setting('rateLimitMax')
  const isOver = counter.used >= max || counter.usedToday >= context.setting('rateLimitDailyMax')
  if (!isOver) {
    counter.used += 1
    counter.usedToday += 1
  }
  return { counter, isOver }
}

/** 429: body and Retry-After are nowhere documented, so both are settings (ASSUMED) and absent in strict mode. */
export function tooManyRequests(context: Highlevel, counter?: RateCounter): VendorRefusal {
  const waitMs = counter
    ? counter.windowStartedAt + context.setting('rateLimitIntervalMs') - context.clock.now()
    : context.setting('rateLimitIntervalMs')
  const headers: Record<string, string> = isOn(context, 'retryAfterHeader')
    ? { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1_000))) }
    : {}
  return new VendorRefusal(
    429,
    isOn(context, 'tooManyRequestsBody') ? { statusCode: 429, message: 'Too Many Requests' } : undefined,
    headers,
  )
}
