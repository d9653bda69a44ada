import { type FlowId, newId, type RunId, type TriggerId } from '@couplet/core'
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { FIRST_WORKSPACE, openStore, type Store } from '../store.ts'
import { keyOf } from '../vault/key-ring.ts'
import { createVault } from '../vault/vault.ts'

export type TestStore = AsyncDisposable & {
  store: Store
  database: TestDatabase
  /** A flow that is on, with one trigger without a connection. */
  flow(name: string): Promise<{ flowId: FlowId; triggerId: TriggerId }>
  /** A run of it, started by hand. */
  run(flowId: FlowId): Promise<RunId>
}

/** The store on a database of its own. */
export async function openTestStore(): Promise<TestStore> {
  await using parts = new AsyncDisposableStack()
  const database = parts.use(await testDatabase())
  const store = parts.use(openStore({ url: database.url, vault: createVault([keyOf(new Uint8Array(32).fill(7))]) }))
  const held = parts.move()
  return {
    store,
    database,
    flow: async (name) => {
      const { id } = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name, environment: 'sandbox', draft: {} })
      await store.flows.addVersion(id, {}, undefined)
      await store.flows.setState(id, 'on')
      const trigger = await store.triggers.put({
        workspaceId: FIRST_WORKSPACE,
        flowId: id,
        connectionId: null,
        operation: 'a.b',
        operationVersion: 1,
        input: {},
        everyMs: null,
        isOn: true,
      })
      return { flowId: id, triggerId: trigger.id }
    },
    run: async (flowId) => {
      const { runId } = await store.runs.start({
        workspaceId: FIRST_WORKSPACE,
        flowId,
        version: 1,
        triggerId: null,
        connectionId: null,
        environment: 'sandbox',
        key: null,
        fact: { at: newId('run'), data: null },
      })
      return runId
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
