import { type Permission, PERMISSIONS } from '@couplet/api'

const isPermission = (name: string): name is Permission => name in PERMISSIONS

/** The owner may do everything. */
export const PERMISSIONS_OF_OWNER: ReadonlySet<Permission> = new Set(Object.keys(PERMISSIONS).filter(isPermission))
