import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { isPermission } from '../permissions.ts'
import { Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const TokenView = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  /** Last letters, to tell tokens apart. */
  ending: z.string(),
  madeBy: z.string(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  hasEnded: z.boolean(),
  lastUsedAt: Instant.nullable(),
})
export type TokenView = z.output<typeof TokenView>

export const tokens = {
  list: endpoint({
    id: 'tokens.list',
    method: 'GET',
    path: '/api/tokens',
    summary: 'API tokens of the workspace; the tokens themselves are never shown again',
    permission: 'tokens.write',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ tokens: z.array(TokenView) }),
    errors: [],
  }),
  create: endpoint({
    id: 'tokens.create',
    method: 'POST',
    path: '/api/tokens',
    summary: 'A new API token; it can do what is chosen here, and never more than its maker may at that moment',
    permission: 'tokens.write',
    audit: 'token.created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      permissions: z.array(z.string().refine(isPermission, 'is no permission')).min(1),
      /** Null: it does not end by itself. */
      days: z.int().min(1).max(3_650).nullable(),
    }),
    reply: TokenView.extend({ token: z.string() }),
    errors: ['token.too_much'],
  }),
  remove: endpoint({
    id: 'tokens.remove',
    method: 'DELETE',
    path: '/api/tokens/:token',
    summary: 'Ends an API token at once',
    permission: 'tokens.write',
    audit: 'token.removed',
    params: z.object({ token: z.string() }),
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['token.not_found'],
  }),
} as const
