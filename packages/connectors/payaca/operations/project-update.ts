import { z } from 'zod'
import { payaca } from '../connector.ts'
import { addressOf, pathFact, route } from '../paths.ts'
import { Project, ProjectAnswer, projectBody, projectFields, sampleProject, stageHasPipeline, toProject } from '../schemas/project.ts'
import { tagNames } from '../schemas/tags.ts'

export const projectUpdate = payaca.action({
  id: 'payaca.project.update',
  version: 1,
  title: 'Update a project',
  summary:
    'Changes a project by its id. Payaca documents that this exists, not what it takes: Couplet sends the fields of creation, and only those given.',
  phrase: 'update a project in {connection}',
  group: 'Projects',
  address: addressOf('project.update'),
  facts: [pathFact('project.update'), { mark: 'ASSUMED', text: 'Which fields can be changed; above all whether tags can.' }],
  scopes: [],
  input: z
    .object({ projectId: z.string().min(1).meta({ title: 'Project id' }), ...projectFields })
    .refine(
      (input) => Object.entries(input).some(([name, value]) => name !== 'projectId' && value !== undefined),
      'Give at least one field to change',
    )
    .refine(stageHasPipeline, { path: ['pipeline'], message: 'A stage needs its pipeline' }),
  output: Project,
  samples: [sampleProject],
  rejects: [
    { input: { projectId: 'p1' }, because: 'nothing to change' },
    { input: { projectId: 'p1', pipelineStage: 'Survey' }, because: 'a stage needs its pipeline' },
  ],
  effect: { kind: 'write', resend: 'harmless', because: 'sets absolute values' },
  async run({ input, connection, http }) {
    const body = projectBody(input, input.tags && tagNames(input.tags).names)
    return toProject(await http({ ...route('project.update', connection, { id: input.projectId }), body, reply: ProjectAnswer }))
  },
})
