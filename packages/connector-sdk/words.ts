/**
 * How sure we are of what a declaration says about the vendor. CONFIRMED: in the vendor's own material. REPORTED: said by a third
 * party. ASSUMED: our deduction. Shown in the catalogue, the builder and the sandbox; never sold as truth.
 */
export type Mark = 'CONFIRMED' | 'REPORTED' | 'ASSUMED'

export type VendorFact = { mark: Mark; text: string }

export type Words = {
  /** `connector.thing.verb`, stable for ever. */
  id: `${string}.${string}`
  /** Raised when input or output change incompatibly; older versions stay runnable. */
  version: number
  title: string
  /** One or two sentences: what it does, what it does not. */
  summary: string
  /** For the sentence of a flow, in the imperative or as a clause, with `{connection}`: `set the tags of a flipbook in {connection}`. */
  phrase: string
  /** Verb and path at the vendor, for search and for people who know the API: `GET /contacts/{id}`. Absent when the operation makes several calls. */
  address?: string
  /** Heading in the catalogue (`Social Planner`). */
  group: string
  /** What the vendor really does here, with marks. */
  facts?: readonly VendorFact[]
  deprecated?: { use: string; since: string }
  /** Its vendor does not describe the answer; the members shown are deduced. */
  isOutputDeduced?: true
}
