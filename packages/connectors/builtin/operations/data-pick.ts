import { z } from 'zod'
import { builtin } from '../connector.ts'
import { JsonPath, readJsonPath } from '../json-path.ts'

export const dataPick = builtin.action({
  id: 'builtin.data.pick',
  version: 1,
  title: 'Pick values',
  summary: 'Takes single values out of a larger piece of data and gives each a name.',
  phrase: 'pick values',
  group: 'Data',
  scopes: [],
  input: z.object({
    from: z.unknown().meta({ title: 'Data' }),
    paths: z
      .record(z.string().min(1).max(60), JsonPath)
      .refine((paths) => Object.keys(paths).length > 0, 'Name at least one value')
      .meta({ title: 'Values', description: 'Name to place.', examples: [{ total: 'order.lines[0].total' }] }),
  }),
  output: z.object({
    values: z.record(z.string(), z.unknown()).meta({ title: 'Values', description: 'Empty (null) when there is nothing at the place.' }),
    missing: z.array(z.string()).meta({ title: 'Not found' }),
  }),
  samples: [{ values: { total: 40 }, missing: [] }],
  rejects: [
    { input: { from: {}, paths: {} }, because: 'nothing named' },
    { input: { from: {}, paths: { total: 'a..b' } }, because: 'a place has no empty parts' },
  ],
  effect: { kind: 'read' },
  run({ input }) {
    const found = Object.entries(input.paths).map(([name, place]) => [name, readJsonPath(input.from, place)] as const)
    return Promise.resolve({
      values: Object.fromEntries(found.map(([name, value]) => [name, value ?? null])),
      missing: found.filter(([, value]) => value === undefined).map(([name]) => name),
    })
  },
})
