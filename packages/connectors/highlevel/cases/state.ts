import { z } from 'zod'

const Placed = z.looseObject({ locationId: z.string() })
const State = z.looseObject({
  tokens: z.array(z.looseObject({ locationId: z.string(), companyId: z.string(), userId: z.string() })),
  users: z.array(z.looseObject({ id: z.string(), locationIds: z.array(z.string()) })),
  contacts: z.array(Placed.extend({ id: z.string(), tags: z.array(z.string()) })),
  locationTags: z.array(Placed.extend({ id: z.string(), name: z.string() })),
  plannerTags: z.array(Placed.extend({ _id: z.string(), tag: z.string(), deleted: z.boolean() })),
  categories: z.array(Placed.extend({ _id: z.string(), deleted: z.boolean() })),
  accounts: z.array(Placed.extend({ id: z.string(), profileId: z.string(), platform: z.string(), originId: z.string() })),
  queues: z.array(
    Placed.extend({
      _id: z.string(),
      categoryId: z.string(),
      items: z.array(z.looseObject({ _id: z.string(), postId: z.string() })),
      edit: z.looseObject({ sessionId: z.string() }).optional(),
    }),
  ),
  comments: z.array(Placed.extend({ _id: z.string(), platform: z.string(), postId: z.string(), originId: z.string() })),
  oauthSessions: z.array(Placed.extend({ id: z.string(), platform: z.string(), offers: z.array(z.looseObject({ id: z.string() })) })),
  posts: z.array(Placed.extend({ _id: z.string(), status: z.string(), summary: z.string(), tags: z.array(z.string()) })),
  csvImports: z.array(Placed.extend({ id: z.string(), status: z.string(), rows: z.array(z.looseObject({ _id: z.string() })) })),
})

/** Formed like an id, and nobody's. */
export const UNKNOWN_ID = '000000000000000000000000'

const first = <T>(rows: readonly T[], what: string): T => {
  const [row] = rows
  if (row === undefined) throw new Error(`The cases need ${what} in the sub-account of the first token.`)
  return row
}

/** What cases need of a state: records of the sub-account the first token belongs to. */
export function world(given: Record<string, unknown>) {
  const state = State.parse(given)
  const token = first(state.tokens, 'a token')
  const own = <T extends { locationId: string }>(rows: readonly T[]) => rows.filter((row) => row.locationId === token.locationId)
  const posts = own(state.posts)
  const tags = own(state.plannerTags).filter((tag) => !tag.deleted)
  const post = (status: string) =>
    first(
      posts.filter((row) => row.status === status),
      `a post that is ${status}`,
    )
  return {
    locationId: token.locationId,
    companyId: token.companyId,
    userId: first(
      state.users.filter((user) => user.locationIds.includes(token.locationId)),
      'a person',
    ).id,
    account: first(own(state.accounts), 'a social account'),
    accounts: own(state.accounts),
    tag: first(tags, 'a tag'),
    tags,
    category: first(
      own(state.categories).filter((row) => !row.deleted),
      'a category',
    ),
    contact: () => first(own(state.contacts), 'a contact'),
    locationTag: () => first(own(state.locationTags), 'a location tag'),
    csvImport: () => first(own(state.csvImports), 'a CSV import'),
    queue: () => first(own(state.queues), 'a category queue'),
    categoryWithoutQueue: () =>
      first(
        own(state.categories).filter((row) => !row.deleted && !state.queues.some((queue) => queue.categoryId === row['_id'])),
        'a category without a queue',
      ),
    comment: () =>
      first(
        own(state.comments).filter((row) => row.platform === 'facebook'),
        'a comment on Facebook',
      ),
    login: () => first(own(state.oauthSessions), 'a login to a network'),
    post,
  }
}

/** A check of the whole output, which must first be what the operation promises. */
export const whole =
  <O extends z.ZodType>(operation: { output: O }, check: (output: z.output<O>) => boolean) =>
  (output: unknown): boolean =>
    check(operation.output.parse(output))

/** Troubles every operation can meet, as the vendor would answer them. `times` is 3 so that retries of reads meet them too. */
export const refusedScope = {
  fault: 'status',
  times: 3,
  status: 401,
  body: { statusCode: 401, message: 'The token is not authorized for this scope.', error: 'Unauthorized' },
}
export const outage = { fault: 'status', times: 3, status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' }
/** The work is done and its answer lost on the way. */
export const lostAnswer = { fault: 'status-after', times: 1, status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' }
export const slowDown = { fault: 'status', times: 3, status: 429, body: { statusCode: 429, message: 'Too Many Requests' } }

/** A queue to work with, and the time it is asked about. */
export const queued = { action: 'create-queue', with: {} }
export const soon = () => ({ startDate: new Date().toISOString(), endDate: new Date(Date.now() + 400 * 86_400_000).toISOString() })
