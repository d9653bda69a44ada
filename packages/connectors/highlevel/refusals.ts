import { Fault, userFault } from '@couplet/connector-sdk'

/** The only place of this connector that raises or reads faults itself; everything the vendor answers is sorted in `fault.ts`. */

/** A setting or field the person must put right. `fields` maps input fields to what is wrong with them. */
export const refuse = (facts: { code: string; message: string; hint?: string; fields?: Record<string, string> }): Fault => userFault(facts)

/** The vendor's state does not allow the change; a flow may branch on it. */
export const conflict = (facts: { code: string; message: string; hint?: string }): Fault => new Fault({ ...facts, kind: 'conflict' })

/** The vendor does not know the record; a flow may branch on it. */
export const notFound = (message: string): Fault =>
  new Fault({
    code: 'highlevel.not_found',
    kind: 'not-found',
    message,
    hint: 'It may have been deleted, or belong to another sub-account.',
  })

/** Waits for the read; `undefined` when the vendor does not know the record. Every other fault goes on. */
export async function unlessAbsent<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read
  } catch (error) {
    if (error instanceof Fault && error.kind === 'not-found') return undefined
    throw error
  }
}
