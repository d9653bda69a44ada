import { createHmac, timingSafeEqual } from 'node:crypto'
import { asId, Fault, type Json, type RunId, toFault } from '@couplet/core'
import type { EngineParts } from '../parts.ts'
import type { StepKey } from '../run/journal.ts'
import { storable } from '../run/storable.ts'
import type { Ingress, IngressAnswer } from './ingress.ts'
import { parseDelivery } from '../webhooks/read-delivery.ts'

/** Addresses that steps wait to be called at, and the calls to them. */
export type Resumes = Pick<Ingress, 'receive'> & {
  /** The addresses of a run's steps: the same at every asking, in every process. */
  addressesOf(runId: RunId): Promise<(step: StepKey) => string>
  /** In place of an address where nothing will ever wait: tests of drafts. */
  exampleAddress(step: StepKey): string
}

const MAC_BYTES = 16
const TOKEN = /^([\w-]{20,1500})\.([\w-]{22})$/

/**
 * The token of an address names run and step and is made with a key of the installation, so it needs no row before it is called, and is the same after
 * a crash. The code that proves it stands last: a token that is cut says too little to be used.
 */
export function createResumes(parts: Pick<EngineParts, 'store' | 'measure' | 'log'>, publicAddress: () => string): Resumes {
  let loading: Promise<string> | undefined
  const key = (): Promise<string> => {
    loading ??= parts.store.resumeCalls.key().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  const addressOf = (token: string): string => `${publicAddress()}/resume/${token}`

  return {
    addressesOf: async (runId) => {
      const secret = await key()
      return (step) => addressOf(tokenOf(secret, runId, step))
    },
    exampleAddress: (step) => addressOf(`example.${Buffer.from(step).toString('base64url')}`),
    receive: async ({ token, raw, headers }) => {
      const startedAt = performance.now()
      let answer: IngressAnswer
      try {
        answer = await take(parts, stepOf(await key(), token), { raw, headers })
      } catch (error) {
        parts.log.error({ err: toFault(error) }, 'A call to a waiting run could not be stored; the caller is asked to call again')
        answer = {
          status: 503,
          body: { code: 'resume.unavailable', message: 'Couplet cannot store this now; please call again.' },
          retryAfterS: 5,
        }
      }
      parts.measure.accepted(answer.status, (performance.now() - startedAt) / 1_000)
      return answer
    },
  }
}

const macOf = (secret: string, named: string): Buffer =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(named).digest().subarray(0, MAC_BYTES)

function tokenOf(secret: string, runId: RunId, step: StepKey): string {
  const named = Buffer.from(`${runId}/${step}`).toString('base64url')
  return `${named}.${macOf(secret, named).toString('base64url')}`
}

function stepOf(secret: string, token: string): { runId: RunId; step: StepKey } | undefined {
  const [, named = '', mac = ''] = TOKEN.exec(token) ?? []
  const given = Buffer.from(mac, 'base64url')
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, macOf(secret, named))) return undefined
  const text = Buffer.from(named, 'base64url').toString()
  const at = text.indexOf('/')
  const runId = asId('run', text.slice(0, at))
  return runId && { runId, step: text.slice(at + 1) }
}

type Called = { raw: Uint8Array; headers: Readonly<Record<string, string>> }

/** Throws when it could not be stored, and only then. */
async function take(
  parts: Pick<EngineParts, 'store'>,
  waiting: { runId: RunId; step: StepKey } | undefined,
  call: Called,
): Promise<IngressAnswer> {
  if (!waiting) return UNKNOWN
  let body: Json
  try {
    body = bodyOf(call)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message, hint } = error
    return { status: 400, body: { code, message, ...(hint === undefined ? {} : { hint }) } }
  }
  const became = await parts.store.resumeCalls.store(waiting.runId, waiting.step, body)
  switch (became) {
    case 'stored':
      return { status: 202, body: { accepted: true } }
    case 'again':
      // A caller whose answer was lost calls again; it must not go on doing so.
      return {
        status: 200,
        body: { accepted: false, code: 'resume.again', message: 'This address was called before; the first call counts.' },
      }
    case 'over':
      return {
        status: 410,
        body: { code: 'resume.over', message: 'Nothing waits at this address any more: its time is over or its run has ended.' },
      }
    case 'unknown':
      return UNKNOWN
    default:
      return became satisfies never
  }
}

const UNKNOWN: IngressAnswer = { status: 404, body: { code: 'resume.unknown', message: 'Nothing waits at this address.' } }

/** JSON, the fields of a form as text, or nothing. Throws a user fault for anything else. */
function bodyOf({ raw, headers }: Called): Json {
  if (raw.length === 0) return null
  const body = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(new TextDecoder().decode(raw)))
    : parseDelivery(raw)
  return storable('What was sent', 'Send less, or an address where it can be fetched.', body)
}
