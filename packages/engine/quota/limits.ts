import type { Connector } from '@couplet/connector-sdk'

/** A connector's declaration, whatever its connection looks like. */
export type AnyConnectorSpec = Connector['spec']
