import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { CustomerId } from '../schemas/customer.ts'
import { Project, ProjectAnswer, projectBody, projectFields, sampleProject, stageHasPipeline, toProject } from '../schemas/project.ts'
import { tagNames } from '../schemas/tags.ts'

export const projectCreate = payaca.action({
  id: 'payaca.project.create',
  version: 1,
  title: 'Create a project',
  summary:
    'Creates a project for a customer, with stage, tags and notes. A repeat makes a second project, so Couplet never sends this twice by itself.',
  phrase: 'create a project in {connection}',
  group: 'Projects',
  address: addressOf('project.create'),
  facts: [
    pathFact('project.create'),
    { mark: 'ASSUMED', text: 'Payaca has no key that recognises a repeat and no known search for projects.' },
  ],
  scopes: [],
  input: z
    .object({
      customerId: CustomerId,
      ...projectFields,
      notes: z.array(z.string().min(1)).optional().meta({ title: 'Notes', description: 'Each becomes a note of the project.' }),
    })
    .refine(stageHasPipeline, { path: ['pipeline'], message: 'A stage needs its pipeline' }),
  output: Project,
  samples: [sampleProject],
  rejects: [{ input: { customerId: 'c1', pipelineStage: 'Survey' }, because: 'a stage needs its pipeline' }],
  effect: { kind: 'write', resend: 'never', because: 'a repeat makes a second project, and projects cannot be searched' },
  async run({ input, connection, http }) {
    const body = { ...projectBody(input, input.tags && tagNames(input.tags).names), notes: input.notes }
    return toProject(await http({ ...route('project.create', connection, { id: input.customerId }), body, reply: ProjectAnswer }))
  },
})
