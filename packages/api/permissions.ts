/** What a caller may be allowed, in words for the settings screen. */
export const PERMISSIONS = {
  'flows.read': 'See flows, their versions and problems',
  'flows.write': 'Create, edit and delete drafts, choose connections',
  'flows.publish': 'Publish, pause, resume and roll back flows',
  'runs.read': 'See runs with their data',
  'runs.act': 'Start, cancel, replay and answer runs',
  'connections.read': 'See connections without their secrets, and choices read through them',
  'connections.write': 'Add, test, change and remove connections',
  'tables.read': 'See lookup tables',
  'tables.write': 'Change lookup tables',
  'statistics.read': 'See dashboards, reports and figures',
  'statistics.write': 'Switch the reading of statistics on and off, make reports, set the brand',
  'tasks.act': 'Close tasks',
  'alerts.write': 'Choose who is alerted, when and where',
  'agents.propose': 'Let an agent search, draft flows, try them out in the sandbox and propose them to a person',
  'sandbox.use': 'Use the sandbox',
  'system.read': 'See how this installation is doing',
  'people.read': 'See who is in the workspace',
  'people.write': 'Invite and remove people, change roles',
  'tokens.write': 'Make and remove API tokens',
  'audit.read': 'See and export the audit log',
  'workspace.write': 'Change the workspace: name, time zone, how long runs and the audit log are kept',
} as const

export type Permission = keyof typeof PERMISSIONS

/** What asks for no role: anyone at all; a person signed in, about their own account; a program on the machine Couplet runs on. */
export type Access = 'anyone' | 'own-account' | 'this-machine'

/** Roles, from the one that may most to the one that may least. */
export const ROLES = {
  owner: 'Everything, also naming other owners',
  admin: 'Runs the workspace: people, connections, tokens, audit log',
  builder: 'Builds and publishes flows with the connections there are',
  operator: 'Keeps runs going: starts, repairs, answers, closes tasks',
  viewer: 'Sees everything but secrets, changes nothing',
} as const

export type Role = keyof typeof ROLES

const EVERYONE = ['owner', 'admin', 'builder', 'operator', 'viewer'] as const
const OPERATORS = ['owner', 'admin', 'builder', 'operator'] as const
const BUILDERS = ['owner', 'admin', 'builder'] as const
const ADMINS = ['owner', 'admin'] as const

/** The one table of who may do what. A connection's secret can be led elsewhere by whoever changes it, so only admins do. */
export const ROLES_ALLOWED: Readonly<Record<Permission, readonly Role[]>> = {
  'flows.read': EVERYONE,
  'flows.write': BUILDERS,
  'flows.publish': BUILDERS,
  'runs.read': EVERYONE,
  'runs.act': OPERATORS,
  'connections.read': EVERYONE,
  'connections.write': ADMINS,
  'tables.read': EVERYONE,
  'tables.write': BUILDERS,
  'statistics.read': EVERYONE,
  'statistics.write': BUILDERS,
  'alerts.write': ADMINS,
  'agents.propose': BUILDERS,
  'tasks.act': OPERATORS,
  'sandbox.use': OPERATORS,
  'system.read': EVERYONE,
  'people.read': EVERYONE,
  'people.write': ADMINS,
  'tokens.write': ADMINS,
  'audit.read': ADMINS,
  'workspace.write': ADMINS,
}

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name)

const ALL_PERMISSIONS: readonly Permission[] = Object.keys(PERMISSIONS).filter(isPermission)

/** Everything a role may do. */
export const permissionsOf = (role: Role): ReadonlySet<Permission> =>
  new Set(ALL_PERMISSIONS.filter((permission) => ROLES_ALLOWED[permission].includes(role)))
