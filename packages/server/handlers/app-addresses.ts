import type { AppAddressView } from '@couplet/api'
import { userFault } from '@couplet/core'
import type { AppAddress, Environment, Sighting } from '@couplet/store'
import { type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'

const ENVIRONMENTS: readonly Environment[] = ['live', 'sandbox']

const sightingView = (seen: Sighting | null | undefined): AppAddressView['lastHeard'] => (seen ? { ...seen, at: iso(seen.at) } : null)

export function appAddressHandlers(parts: ServerParts): Handlers['appAddresses'] {
  const { store, registry } = parts.engine

  const sharing = () =>
    registry.connectors.flatMap(({ spec: { id, title, webhooks } }) =>
      webhooks?.shared ? [{ id, title, setUp: webhooks.shared.setUp }] : [],
    )
  const view = (
    { id, title, setUp }: { id: string; title: string; setUp: string },
    environment: Environment,
    address: AppAddress | undefined,
  ): AppAddressView => ({
    connector: id,
    connectorTitle: title,
    environment,
    url: address ? `${parts.publicAddress()}/hooks/${address.hookToken}` : null,
    madeAt: address ? iso(address.madeAt) : null,
    setUp,
    lastHeard: sightingView(address?.lastHeard),
    lastUnheard: sightingView(address?.lastUnheard),
    lastRefused: sightingView(address?.lastRefused),
  })

  return {
    list: async ({ context }) => {
      const made = await store.appAddresses.list(workspaceOf(context))
      const addressOf = (connector: string, environment: Environment) =>
        made.find((address) => address.connector === connector && address.environment === environment)
      return {
        addresses: sharing().flatMap((connector) =>
          ENVIRONMENTS.map((environment) => view(connector, environment, addressOf(connector.id, environment))),
        ),
      }
    },
    replace: async ({ params, body, context }) => {
      const connector = sharing().find(({ id }) => id === params.connector)
      if (!connector)
        throw userFault({
          code: 'connector.no_app_address',
          message: `"${params.connector.slice(0, 60)}" has no app whose webhooks are for several accounts.`,
          hint: 'Register the address of the trigger itself; the page of the flow shows it.',
        })
      return view(connector, body.environment, await store.appAddresses.replace(workspaceOf(context), connector.id, body.environment))
    },
  }
}
