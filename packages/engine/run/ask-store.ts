import { Fault } from '@couplet/core'

/**
 * Something a step asks of Couplet's own database. A database that is away for a moment is no fault of the step: it becomes
 * `couplet.database` (unavailable), which is tried again, instead of a bug, which is not.
 */
export async function askStore<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault(
      {
        code: 'couplet.database',
        kind: 'unavailable',
        message: "Couplet's own database did not answer.",
        hint: 'Couplet tries again by itself.',
      },
      { cause: error },
    )
  }
}
