import { z } from 'zod'
import type { FlowDefinition } from '../definition.ts'
import type { OperationLookup, OperationShape } from '../operation-shape.ts'

/** A few operations shaped like real ones, for the tests of this package. */
const shape = (
  facts: Pick<OperationShape, 'id' | 'kind' | 'connector' | 'title' | 'phrase' | 'effect'> & {
    needsConnection?: boolean
    input: z.ZodType
    output: z.ZodType
  },
): OperationShape => ({
  version: 1,
  needsConnection: facts.needsConnection ?? true,
  sample: null,
  ...facts,
  input: z.toJSONSchema(facts.input, { io: 'input' }),
  output: z.toJSONSchema(facts.output),
})

const Tag = z.object({
  id: z.string(),
  name: z.string(),
  color: z.string().nullable(),
  deleted: z.boolean(),
  uses: z.number(),
  note: z.string().optional(),
})
const Flipbook = z.object({
  id: z.string(),
  title: z.string(),
  tags: z.array(z.string()),
  pages: z.int(),
  url: z.string().optional(),
  pagesById: z.record(z.string(), z.object({ width: z.number() })),
})

const OPERATIONS: readonly OperationShape[] = [
  shape({
    id: 'highlevel.social-tag.changed',
    kind: 'trigger',
    connector: 'highlevel',
    title: 'Social tag changed',
    phrase: 'a social tag is created, renamed or removed in {connection}',
    effect: 'read',
    input: z.object({ includeDeleted: z.boolean().optional(), pageSize: z.int().min(1).max(100).optional() }),
    output: Tag,
  }),
  shape({
    id: 'highlevel.social-tag.list',
    kind: 'action',
    connector: 'highlevel',
    title: 'List social tags',
    phrase: 'list the social tags of {connection}',
    effect: 'read',
    input: z.object({ search: z.string().optional() }),
    output: z.object({ tags: z.array(Tag), total: z.int() }),
  }),
  shape({
    id: 'heyzine.flipbook.get',
    kind: 'action',
    connector: 'heyzine',
    title: 'Get a flipbook',
    phrase: 'get a flipbook in {connection}',
    effect: 'read',
    input: z.object({ id: z.string() }),
    output: Flipbook,
  }),
  shape({
    id: 'heyzine.flipbook.set-tags',
    kind: 'action',
    connector: 'heyzine',
    title: 'Set tags',
    phrase: 'set the tags of a flipbook in {connection}',
    effect: 'write',
    input: z.object({
      id: z.string(),
      tags: z.array(z.string()),
      mode: z.enum(['replace', 'merge']).optional(),
      pages: z.number().optional(),
      visible: z.boolean().optional(),
      look: z.object({ color: z.string(), size: z.number().optional() }).optional(),
      title: z.string().max(20).optional(),
    }),
    output: z.object({ id: z.string(), changed: z.boolean() }),
  }),
  shape({
    id: 'couplet.report.make',
    kind: 'action',
    connector: 'couplet',
    title: 'Make a report',
    phrase: 'make a report',
    effect: 'write',
    needsConnection: false,
    input: z.object({ title: z.string() }),
    output: z.object({ url: z.string() }),
  }),
]

export const lookup: OperationLookup = (id, version) => OPERATIONS.find((operation) => operation.id === id && operation.version === version)
export const operationIds: readonly string[] = OPERATIONS.map((operation) => operation.id)

/** A flow without a problem, with every kind of step. Each call gives a new one. */
export function exampleFlow(): FlowDefinition {
  return {
    format: 1,
    name: 'Tags to flipbook',
    slots: { ghl: { connector: 'highlevel', title: 'any location' }, books: { connector: 'heyzine' } },
    trigger: {
      operation: 'highlevel.social-tag.changed',
      version: 1,
      connection: 'ghl',
      input: { pageSize: 50 },
      every: '5 m',
      where: 'trigger.name != ""',
    },
    orderedBy: 'trigger.id',
    steps: [
      {
        kind: 'action',
        id: 'book',
        operation: 'heyzine.flipbook.get',
        version: 1,
        connection: 'books',
        connectionWhere: { clientId: { kind: 'value', value: '00112233aabbccdd' } },
        input: { id: { kind: 'formula', formula: 'slug(trigger.name)' } },
      },
      {
        kind: 'branch',
        id: 'gone',
        branches: [
          {
            title: 'The tag was removed',
            when: 'trigger.deleted && outcomes.book != "failed"',
            steps: [
              {
                kind: 'stop',
                id: 'end',
                outcome: 'skipped',
                reason: { kind: 'text', parts: ['Tag ', { kind: 'pill', path: ['trigger', 'name'] }, ' is gone'] },
              },
            ],
          },
        ],
        otherwise: [
          {
            kind: 'wait',
            id: 'ask',
            wait: {
              kind: 'approval',
              question: { kind: 'text', parts: ['Set ', { kind: 'pill', path: ['trigger', 'name'] }, '?'] },
              giveUpAfter: '7 d',
            },
          },
        ],
      },
      { kind: 'action', id: 'tags', operation: 'highlevel.social-tag.list', version: 1, connection: 'ghl', input: {} },
      {
        kind: 'for-each',
        id: 'each',
        items: { kind: 'pill', path: ['tags', 'tags'] },
        steps: [
          {
            kind: 'action',
            id: 'set',
            operation: 'heyzine.flipbook.set-tags',
            version: 1,
            connection: 'books',
            input: {
              id: { kind: 'pill', path: ['book', 'id'] },
              tags: {
                kind: 'list',
                items: [
                  { kind: 'pill', path: ['each', 'item', 'name'] },
                  { kind: 'value', value: 'campaign' },
                ],
              },
              look: {
                kind: 'object',
                fields: {
                  color: { kind: 'pill', path: ['each', 'item', 'color'], fallback: 'blue' },
                  size: { kind: 'formula', formula: 'each.index + 1' },
                },
              },
            },
          },
        ],
        collect: { kind: 'pill', path: ['set', 'changed'] },
      },
      {
        kind: 'action',
        id: 'report',
        operation: 'couplet.report.make',
        version: 1,
        input: { title: { kind: 'text', parts: ['Changed ', { kind: 'pill', path: ['each', 'count'] }] } },
      },
    ],
    onFailure: [
      {
        kind: 'action',
        id: 'tell',
        operation: 'couplet.report.make',
        version: 1,
        input: { title: { kind: 'text', parts: ['Failed: ', { kind: 'pill', path: ['failure', 'code'] }] } },
      },
    ],
  }
}
