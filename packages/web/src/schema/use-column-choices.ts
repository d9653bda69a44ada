import { useQueries, useQuery } from '@tanstack/react-query'
import { api } from '../server/client.ts'
import { problemOf } from '../server/problem.ts'
import { connectionsQuery } from '../server/queries.ts'
import type { Option } from '../ui/select.tsx'

/** Accounts asked for a list: tables of agencies name things of several locations, but a list of all of forty is no choice. */
const ACCOUNTS_MAX = 5

/** Choices of a column that says where its values come from (`heyzine.flipbooks`), over the accounts of that vendor. */
export function useColumnChoices(list: string | undefined): { options: readonly Option<string>[]; status: string | undefined } {
  const [connector = '', name = ''] = list?.split('.') ?? []
  const connections = useQuery({ ...connectionsQuery, enabled: list !== undefined })
  const asked = (connections.data ?? []).filter((one) => one.connector === connector).slice(0, ACCOUNTS_MAX)
  return useQueries({
    queries: asked.map(({ id }) => ({
      queryKey: ['choices', connector, name, id, {}],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await api.catalogue.choices({ body: { connector, list: name, connection: id, given: {} }, signal })).choices,
      staleTime: 60_000,
      retry: false,
    })),
    combine: (results) => {
      const options = new Map(
        results.flatMap((result) => (result.data ?? []).map((choice): [string, Option<string>] => [choice.value, choice])),
      )
      const failed = results.find((result) => result.isError)
      return {
        options: [...options.values()],
        status:
          options.size > 0
            ? undefined
            : results.some((result) => result.isPending)
              ? 'Asking the vendor'
              : failed
                ? problemOf(failed.error).message
                : undefined,
      }
    },
  })
}
