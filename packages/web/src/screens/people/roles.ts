import { type Role, ROLES } from '@couplet/api'

const title = (role: string): string => role.charAt(0).toUpperCase() + role.slice(1)

/** Roles to choose from; only an owner makes owners. */
export const roleOptions = (mayOwn: boolean): { value: Role; label: string; hint: string }[] =>
  Object.entries(ROLES).flatMap(([role, hint]) =>
    isRole(role) && (mayOwn || role !== 'owner') ? [{ value: role, label: title(role), hint }] : [],
  )

const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name)
