import { z } from 'zod'

/** Pipelines cannot be listed by the API, so they are named in free text. */
export const StageFilter = z.object({
  pipeline: z.string().optional().meta({ title: 'Only this pipeline', description: 'Its title, as in Payaca.' }),
  pipelineStage: z.string().optional().meta({ title: 'Only this stage', description: 'Its title, as in Payaca.' }),
})

const fits = (wanted: string | undefined, actual: string): boolean =>
  !wanted?.trim() || wanted.trim().toLowerCase() === actual.trim().toLowerCase()

export const stageFits = (filter: z.output<typeof StageFilter>, project: { pipeline: string; pipelineStage: string }): boolean =>
  fits(filter.pipeline, project.pipeline) && fits(filter.pipelineStage, project.pipelineStage)
