/* Short words for drafts that browser journeys begin with. */

export const value = (given: unknown) => ({ kind: 'value', value: given })
export const pill = (...path: (string | number)[]) => ({ kind: 'pill', path })

export const actionStep = (id: string, operation: string, input: Record<string, object>, connection?: string) => ({
  kind: 'action',
  id,
  operation,
  version: 1,
  input,
  ...(connection === undefined ? {} : { connection }),
})

/** So many steps, each of which reads what the one before it gave. */
export const longFlow = (count: number): object[] =>
  Array.from({ length: count }, (_, index) =>
    actionStep(`step${index}`, 'builtin.code.run', {
      source: value('return { n: (input.n ?? 0) + 1 }'),
      input: { kind: 'object', fields: index === 0 ? {} : { n: pill(`step${index - 1}`, 'result', 'n') } },
    }),
  )
