import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'

/** Declares an action whose input is checked; a wrong input is told in words. */
export function action<Input>(title: string, input: z.ZodType<Input>, run: (given: Input) => unknown): ControlAction {
  return {
    title,
    run: (given) => {
      const parsed = input.safeParse(given)
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
      return run(parsed.data)
    },
  }
}
