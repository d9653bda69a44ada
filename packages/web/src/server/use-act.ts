import { useMutation, useQueryClient } from '@tanstack/react-query'

type Act<Input, Output> = {
  run: (input: Input) => Promise<Output>
  /** Areas whose data it changes. */ stales: readonly string[]
  onDone?: (output: Output, input: Input) => void
}

/** Something a person does: runs it, refreshes what it changed, and keeps the error for the screen to show. */
export function useAct<Input = void, Output = unknown>({ run, stales, onDone }: Act<Input, Output>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: async (output, input) => {
      onDone?.(output, input)
      await Promise.all(stales.map((area) => client.invalidateQueries({ queryKey: [area] })))
    },
  })
}
