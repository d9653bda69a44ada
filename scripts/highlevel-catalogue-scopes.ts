import type { OperationFacts } from '../packages/connectors/highlevel/catalogue/facts.ts'

/** Scopes the vendor's files leave out and our contract names (sections 3 and 4). Names of the comments' scopes are unsettled, so none is asked for. */
const FROM_CONTRACT: Readonly<Record<string, readonly string[]>> = {
  'social-media-posting.get-social-media-statistics': ['socialplanner/statistics.readonly'],
  'social-media-posting.bulk-delete-social-planner-posts': ['socialplanner/csv.write', 'socialplanner/post.write'],
}
const FROM_CONTRACT_BY_PATH: readonly { path: RegExp; read: string; write: string }[] = [
  { path: /^\/social-media-posting\/oauth\//, read: 'socialplanner/oauth.readonly', write: 'socialplanner/oauth.write' },
  { path: /^\/social-media-posting\/category\/queues/, read: 'socialplanner/category.readonly', write: 'socialplanner/category.write' },
  {
    path: /^\/social-media-posting\/\{locationId\}\/categories/,
    read: 'socialplanner/category.readonly',
    write: 'socialplanner/category.write',
  },
  { path: /^\/social-media-posting\/\{locationId\}\/tags/, read: 'socialplanner/tag.readonly', write: 'socialplanner/tag.readonly' },
  { path: /^\/social-media-posting\/\{locationId\}\/posts/, read: 'socialplanner/post.readonly', write: 'socialplanner/post.write' },
  {
    path: /^\/social-media-posting\/\{locationId\}\/accounts/,
    read: 'socialplanner/account.readonly',
    write: 'socialplanner/account.write',
  },
  {
    path: /^\/social-media-posting\/\{locationId\}\/(csv|set-accounts)/,
    read: 'socialplanner/csv.readonly',
    write: 'socialplanner/csv.write',
  },
]
const WITHOUT_SCOPES = /^\/(social-media-posting\/comments|oauth\/token)/

/** Where no scope is declared: the contract's, else those of the neighbours that share the longest beginning of the path and also only read, or also write. */
export function supplyScopes(operations: readonly OperationFacts[]): OperationFacts[] {
  const declared = operations.filter(({ scopes }) => scopes.length > 0)
  return operations.map((operation) => {
    if (operation.scopes.length > 0 || WITHOUT_SCOPES.test(operation.path)) return operation
    const scopes = fromContract(operation) ?? fromNeighbours(operation, declared)
    return scopes.length === 0 ? operation : { ...operation, scopes: [...scopes], areScopesAssumed: true }
  })
}

function fromContract(operation: OperationFacts): readonly string[] | undefined {
  const named = FROM_CONTRACT[operation.id]
  if (named) return named
  const found = FROM_CONTRACT_BY_PATH.find(({ path }) => path.test(operation.path))
  return found && [operation.effect === 'read' ? found.read : found.write]
}

const isRead = (operation: OperationFacts): boolean => operation.effect === 'read'
const parts = (path: string): string[] => path.split('/').filter((part) => part !== '')

/** How many parts two paths have in common from the beginning; parts that are filled in count when both have one. */
function shared(a: string, b: string): number {
  const right = parts(b)
  let count = 0
  for (const part of parts(a)) {
    const other = right[count]
    if (other === undefined || (part !== other && !(part.startsWith('{') && other.startsWith('{')))) break
    count++
  }
  return count
}

function fromNeighbours(operation: OperationFacts, declared: readonly OperationFacts[]): readonly string[] {
  const alike = declared.filter((other) => isRead(other) === isRead(operation) && shared(other.path, operation.path) > 0)
  const nearest = Math.max(0, ...alike.map((other) => shared(other.path, operation.path)))
  const counts = new Map<string, { scopes: readonly string[]; count: number }>()
  for (const { path, scopes } of alike) {
    if (shared(path, operation.path) !== nearest) continue
    const key = scopes.join(' ')
    counts.set(key, { scopes, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const [first] = [...counts].toSorted((a, b) => b[1].count - a[1].count || a[0].localeCompare(b[0]))
  return first?.[1].scopes ?? []
}
