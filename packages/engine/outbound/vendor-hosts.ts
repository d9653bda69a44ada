import { type Fault, userFault } from '@couplet/core'
import type { Connector } from '@couplet/connector-sdk'

type Spec = Pick<Connector['spec'], 'title' | 'origin' | 'hosts'>

/** The domains a connector's secrets may go to. */
const vendorHosts = (spec: Spec): readonly string[] => spec.hosts ?? [new URL(spec.origin).hostname]

/** True for a domain of the vendor and everything under it. A name that only ends like one (`evil-heyzine.com`) is none. */
export function isVendorHost(spec: Spec, hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  return vendorHosts(spec).some((host) => name === host || name.endsWith(`.${host}`))
}

/** Why a secret stays here. */
export const foreignHostFault = (spec: Spec, host: string): Fault =>
  userFault({
    code: 'outbound.refused',
    message: `${host} is not a host of ${spec.title}, so no ${spec.title} secret is sent there.`,
    hint: `Hosts of ${spec.title}: ${vendorHosts(spec).join(', ')}. If this is your own address for it, let the operator add ${host} to the allowed hosts of this installation.`,
    fields: { origin: 'is not a host of the vendor' },
    details: { rule: 'vendor-host' },
  })
