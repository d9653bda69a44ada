import { randomBytes } from 'node:crypto'
import { bug, type Json, type RunId } from '@couplet/core'
import type { Pool } from 'pg'
import type { Vault } from '../vault/vault.ts'
import { jsonText } from './json-text.ts'

/** How the wait of one step has ended: by a call, or because its time was over before any. */
export type ResumeCall = { step: string; end: { body: Json } | 'gave-up' }

/** What became of a call: stored as the first; one of before is there (`again`); the step has given up or the run has ended (`over`). */
export type CalledRun = 'stored' | 'again' | 'over' | 'unknown'

export type ResumeCallsRepository = {
  /** The key that addresses are made with, as text; made at the first call. All processes of an installation get the same. */
  key(): Promise<string>
  /** Stores a call and wakes the run that rests for it, in one transaction. */
  store(runId: RunId, step: string, body: Json): Promise<CalledRun>
  /** How the waits of these steps ended, as far as they have. Those of `over` without a call end now: later calls come too late. */
  settle(runId: RunId, steps: readonly string[], over: readonly string[]): Promise<readonly ResumeCall[]>
}

/** Of the only row; the envelope is bound to it. */
const ID = 'resume'
const KEY_BYTES = 32

/** Calls that steps of runs wait for. That no call is lost is in the database (migration 19). */
export function resumeCallsRepository(pool: Pool, vault: Vault): ResumeCallsRepository {
  const find = async (): Promise<Uint8Array | undefined> =>
    (await pool.query<{ secret: Uint8Array }>('select secret from resume_key')).rows[0]?.secret
  return {
    key: async () => {
      if (!(await find())) {
        const secret = Buffer.from(vault.seal(randomBytes(KEY_BYTES).toString('base64url'), ID))
        await pool.query('insert into resume_key (id, secret) values ($1, $2) on conflict do nothing', [ID, secret])
      }
      const secret = await find()
      if (!secret) throw bug('The key of addresses to call could not be kept.')
      return vault.openText(secret, ID)
    },
    store: async (runId, step, body) => {
      const { rows } = await pool.query<{ became: CalledRun }>({
        name: 'store-resume-call',
        text: 'select store_resume_call($1, $2, $3::jsonb) as became',
        values: [runId, step, jsonText(body)],
      })
      return rows[0]?.became ?? 'unknown'
    },
    settle: async (runId, steps, over) => {
      if (over.length > 0)
        await pool.query(
          `insert into resume_calls (run_id, step, is_call) select $1, step, false from unnest($2::text[]) as step on conflict do nothing`,
          [runId, over],
        )
      const { rows } = await pool.query<{ step: string; is_call: boolean; body: Json }>({
        name: 'resume-calls-of',
        text: 'select step, is_call, body from resume_calls where run_id = $1 and step = any($2::text[])',
        values: [runId, steps],
      })
      return rows.map(({ step, is_call, body }) => ({ step, end: is_call ? { body } : 'gave-up' }))
    },
  }
}
