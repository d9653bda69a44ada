import { z } from 'zod'

const State = z.looseObject({
  customers: z.array(
    z.looseObject({ id: z.string(), tags: z.array(z.string()), contacts: z.array(z.looseObject({ email: z.string().nullable() })) }),
  ),
  projects: z.array(z.looseObject({ id: z.string() })),
})

/** What cases need of a state: a customer with tags and an e-mail, and a project. */
export function world(state: Record<string, unknown>) {
  const { customers, projects } = State.parse(state)
  const customer = customers.find((candidate) => candidate.tags.length > 0 && candidate.contacts.some((contact) => contact.email !== null))
  const [project] = projects
  const email = customer?.contacts.find((contact) => contact.email !== null)?.email
  const tag = customer?.tags[0]
  if (!customer || !project || !email || tag === undefined)
    throw new Error('The cases need a customer with a tag and an e-mail, and a project.')
  return { customer, project, email, tag }
}

/** A check of the whole output, which must first be what the operation promises. */
export const whole =
  <O extends z.ZodType>(operation: { output: O }, check: (output: z.output<O>) => boolean) =>
  (output: unknown): boolean =>
    check(operation.output.parse(output))
