/**
 * A process that calls a vendor under shared limits, for tests with several:
 * `node test-caller.ts <database url> <vendor url> <name> <calls>`. Calls are made by the limited connector's own declaration, so that governor, headers and
 * ledger are the real ones. Prints `{"done": n}` when all are made.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Fault, systemClock } from '@couplet/core'
import { createVault, openStore } from '@couplet/store'
import { createGovernor } from './governor.ts'
import { sharedLedger } from './ledger.ts'
import { limitedConnector } from './test-limited-connector.ts'

const [databaseUrl = '', vendorUrl = '', name = '', count = '0'] = process.argv.slice(2)
const store = openStore({ url: databaseUrl, vault: createVault([{ id: 'test', bytes: new Uint8Array(32) }]), connectionsMax: 4 })
const governor = createGovernor({
  clock: systemClock,
  ledger: sharedLedger(store),
  onPutOff: () => undefined,
  onError: (error) => console.error(error),
})
const never = new AbortController().signal

async function callOnce(holder: string): Promise<void> {
  for (;;) {
    try {
      const permit = await governor.acquire({
        spec: limitedConnector.spec,
        account: 'shared',
        holder,
        flow: name,
        lane: 0,
        waitMaxMs: 0,
        signal: never,
      })
      const reply = await fetch(`${vendorUrl}/things/${holder}`)
      await reply.text()
      permit.end({ headers: Object.fromEntries(reply.headers), status: reply.status })
      return
    } catch (error) {
      if (!(error instanceof Fault) || error.facts.retryAt === undefined) throw error
      await pause(Math.max(1, error.facts.retryAt - Date.now()))
    }
  }
}

await Promise.all(Array.from({ length: Number(count) }, (_, index) => callOnce(`${name}-${index}`)))
await governor[Symbol.asyncDispose]()
await store[Symbol.asyncDispose]()
console.log(JSON.stringify({ done: Number(count) }))
