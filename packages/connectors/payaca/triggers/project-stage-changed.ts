import { payaca } from '../connector.ts'
import { projectOfDelivery } from '../schemas/deliveries.ts'
import { Project, sampleProject } from '../schemas/project.ts'
import { StageFilter, stageFits } from '../schemas/stage-filter.ts'
import { deliveryKey, EVENTS } from '../webhooks.ts'

export const projectStageChanged = payaca.trigger({
  id: 'payaca.project.stage-changed',
  version: 1,
  title: 'A project moved to another stage',
  summary: 'Starts when a project is moved to another stage of its pipeline.',
  phrase: 'a project moves to another stage in {connection}',
  group: 'Projects',
  facts: [
    { mark: 'CONFIRMED', text: 'Signed webhook project.pipelineStageChanged, set up in Payaca by hand.' },
    { mark: 'ASSUMED', text: 'The project sits under the name project.' },
  ],
  scopes: [],
  input: StageFilter,
  output: Project,
  samples: [sampleProject],
  push: {
    topics: [EVENTS.stageChanged],
    facts({ input, topic, body, bodySha256, receivedAt }) {
      const project = projectOfDelivery(body)
      return project && stageFits(input, project) ? [{ key: deliveryKey(topic, bodySha256), at: receivedAt, data: project }] : []
    },
  },
})
