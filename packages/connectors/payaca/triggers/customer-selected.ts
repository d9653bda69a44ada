import { z } from 'zod'
import { payaca } from '../connector.ts'
import { readCustomer } from '../read-customer.ts'
import { CustomerId } from '../schemas/customer.ts'
import { projectOfDelivery } from '../schemas/deliveries.ts'
import { Project, sampleProject } from '../schemas/project.ts'
import { StageFilter, stageFits } from '../schemas/stage-filter.ts'
import { deliveryKey, EVENTS } from '../webhooks.ts'

const Picked = z.object({ customerId: CustomerId })

export const customerSelected = payaca.trigger({
  id: 'payaca.customer.selected',
  version: 1,
  title: 'A customer is selected',
  summary:
    'Starts when a person picks a customer here, or when a project of a customer moves to another stage. Payaca itself has no "selected" event and no locations.',
  phrase: 'a customer of {connection} is picked, or one of its projects moves',
  group: 'Customers',
  facts: [
    { mark: 'CONFIRMED', text: 'Payaca has no "selected" event; project.pipelineStageChanged names the customer of the project.' },
    {
      mark: 'CONFIRMED',
      text: 'There is no location in Payaca: which HighLevel location belongs to a customer is kept in a table of Couplet.',
    },
  ],
  scopes: [],
  input: StageFilter,
  output: z.object({
    customerId: z.string().meta({ title: 'Customer id' }),
    customerName: z.string().meta({ title: 'Customer name' }),
    via: z.enum(['picked', 'project-moved']).meta({ title: 'How' }),
    project: Project.optional().meta({ title: 'Project', description: 'When a project moved.' }),
  }),
  samples: [
    { customerId: 'c1', customerName: 'Green Homes Ltd', via: 'project-moved', project: sampleProject },
    { customerId: 'c1', customerName: 'Green Homes Ltd', via: 'picked' },
  ],
  push: {
    topics: [EVENTS.stageChanged],
    facts({ input, topic, body, bodySha256, receivedAt }) {
      const project = projectOfDelivery(body)
      if (!project?.customer || !stageFits(input, project)) return []
      const { id, name } = project.customer
      return [
        {
          key: deliveryKey(topic, bodySha256),
          at: receivedAt,
          data: { customerId: id, customerName: name, via: 'project-moved' as const, project },
        },
      ]
    },
  },
  byHand: {
    title: 'Pick a customer',
    pick: Picked,
    async fact({ picked, http, connection, now, runKey }) {
      const { customerId } = Picked.parse(picked)
      const customer = await readCustomer(http, connection, customerId)
      return { key: `py.picked:${runKey}`, at: now, data: { customerId: customer.id, customerName: customer.name, via: 'picked' as const } }
    },
  },
})
