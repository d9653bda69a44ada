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
  'sandbox.use': 'Use the sandbox',
  'system.read': 'See how this installation is doing',
} as const

export type Permission = keyof typeof PERMISSIONS
