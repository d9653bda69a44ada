import { z } from 'zod'
import { objectOf } from './rows.ts'
import { ProjectReply, toProject, type Project } from './project.ts'

/** The project of a stage-changed delivery. That it sits under `project` is ASSUMED: a bare project is read too. */
export function projectOfDelivery(body: unknown): Project | undefined {
  const parsed = ProjectReply.safeParse(objectOf(body, 'project', 'data'))
  return parsed.success ? toProject(parsed.data) : undefined
}

const text = z.string().nullish().catch(undefined)
const Related = z.looseObject({ id: text, name: text, reference: text }).nullish().catch(undefined)
/** What invoice and scheduled-event deliveries may hold. Their bodies are not documented, so every part may be missing (ASSUMED). */
export const RecordReply = z.looseObject({
  id: text,
  reference: text,
  title: text,
  startsAt: text,
  startAt: text,
  endsAt: text,
  endAt: text,
  customer: Related,
  project: Related,
})

export const related = (name: string) =>
  z
    .object({ id: z.string().meta({ title: `${name} id` }), name: z.string().meta({ title: `${name} name` }) })
    .optional()
    .meta({ title: name, description: 'Missing when Payaca does not say.' })

export const toRelated = (reply: z.output<typeof Related>): { id: string; name: string } | undefined =>
  reply?.id ? { id: reply.id, name: reply.name ?? reply.reference ?? '' } : undefined
