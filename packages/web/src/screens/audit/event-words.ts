/** Families of events, as the filter offers them. */
export const FAMILIES = [
  { value: 'flow.', label: 'Flows' },
  { value: 'run.', label: 'Runs' },
  { value: 'connection.', label: 'Connections' },
  { value: 'person.', label: 'People' },
  { value: 'account.', label: 'Signing in' },
  { value: 'token.', label: 'API tokens' },
  { value: 'table.', label: 'Tables' },
  { value: 'workspace.', label: 'Workspace' },
  { value: 'sandbox.', label: 'Sandbox' },
] as const

/** `connection.role_changed` as people read it: "Connection: role changed". */
export function eventWords(event: string): string {
  const [family = '', rest = ''] = event.split('.')
  return `${family.charAt(0).toUpperCase()}${family.slice(1)}: ${rest.replaceAll('_', ' ')}`
}

/** A value of an event in one line. */
export function valueWords(value: unknown): string {
  if (value === null) return 'none'
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.length === 0 ? 'none' : value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
