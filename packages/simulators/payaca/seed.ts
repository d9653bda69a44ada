import { defineField } from './custom-fields.ts'
import { PAYACA_SAMPLE } from './credentials.ts'
import { CUSTOMER_SAMPLES, PROJECT_SAMPLES } from './seed-customers.ts'
import type { Customer, PayacaState, Pipeline, Project, User } from './state.ts'

const FIRST_DAY = Date.parse('2026-01-05T09:00:00Z')
const DAY_MS = 86_400_000

const pipeline = (id: string, title: string, stages: string[]): Pipeline => ({
  id,
  title,
  stages: stages.map((title, index) => ({ id: `${id}s${index + 1}`, title })),
})

const PIPELINES: readonly Pipeline[] = [
  pipeline('pl1', 'Install', ['Enquiry', 'Survey', 'Quote sent', 'Accepted', 'Installation', 'Complete']),
  pipeline('pl2', 'Service and repair', ['Requested', 'Scheduled', 'Done', 'Invoiced']),
]

const USERS: readonly User[] = [
  { id: 'u1', fullName: 'Jo Marsden', email: 'jo@northfield.example' },
  { id: 'u2', fullName: 'Ade Bello', email: 'ade@northfield.example' },
  { id: 'u3', fullName: 'Kate Linwood', email: 'kate@northfield.example' },
]

const split = (text: string): string[] => text.split(',').filter((part) => part !== '')

function sampleCustomers(): Customer[] {
  return CUSTOMER_SAMPLES.map(([name, contact, email, line1, city, postcode, tags], index) => ({
    id: `c${index + 1}`,
    name,
    contacts: [
      {
        id: `k${index + 1}`,
        fullName: contact,
        email,
        // The numbers are from the range kept free for fiction.
        phoneNumber: `+44 7700 900${String(100 + index)}`,
        description: null,
        isPrimaryContact: true,
      },
    ],
    addresses: [
      {
        id: `a${index + 1}`,
        line1,
        line2: null,
        city,
        postcode,
        country: 'United Kingdom',
        regionallyUniqueIdentifier: String(1_000 + index),
        accessContacts: [],
        isBillingAddress: true,
      },
    ],
    tags: split(tags),
    customFields: {},
    createdAt: FIRST_DAY + index * 2 * DAY_MS,
  }))
}

function sampleProjects(customers: readonly Customer[]): Project[] {
  return customers.map((customer, index) => {
    const [work = '', tags = ''] = PROJECT_SAMPLES[index % PROJECT_SAMPLES.length] ?? []
    const place = PIPELINES[tags.includes('Service') ? 1 : 0]
    const stage = place?.stages[index % place.stages.length]
    const address = customer.addresses[0]
    return {
      id: `p${index + 1}`,
      reference: `R-${String(index + 1).padStart(3, '0')} ${work}`,
      customerId: customer.id,
      pipelineId: place?.id ?? '',
      stageId: stage?.id ?? '',
      tags: split(tags),
      assignedTo: USERS[index % USERS.length]?.email ?? null,
      notes: [],
      customFields: {},
      siteAddress: address
        ? {
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            postcode: address.postcode,
            country: address.country,
            regionallyUniqueIdentifier: address.regionallyUniqueIdentifier,
          }
        : null,
      createdAt: customer.createdAt + 3 * DAY_MS,
    }
  })
}

/**
 * Pipelines, users, field definitions and tax rates always exist, since they are made in the web app; with `sample`, also 30
 * customers with a project each. The three `ghl` fields on customers are what the reference's users make by hand.
 */
export function payacaSeed(kind: 'sample' | 'empty'): PayacaState {
  const customers = kind === 'sample' ? sampleCustomers() : []
  const projects = sampleProjects(customers)
  const ghlFields = () => [
    defineField({ type: 'textarea', identifier: 'ghlSocialTags', label: 'Social Planner tags' }),
    defineField({ type: 'textarea', identifier: 'ghlSocialStats', label: 'Social statistics' }),
    defineField({ type: 'url', identifier: 'ghlReportUrl', label: 'Social report' }),
  ]
  const heatLoss = defineField({ type: 'fieldset', identifier: 'heatLossSurvey', label: 'Heat loss survey' })
  heatLoss.children = [
    defineField({ type: 'number', identifier: 'floorArea', label: 'Floor area, square metres' }),
    defineField({ type: 'boolean', identifier: 'loftInsulated', label: 'Loft insulated' }),
  ]
  return {
    credentials: [{ ...PAYACA_SAMPLE }],
    customers,
    projects,
    pipelines: structuredClone([...PIPELINES]),
    users: structuredClone([...USERS]),
    customFields: {
      customer: ghlFields(),
      project: [
        ...ghlFields(),
        defineField({ type: 'number', identifier: 'systemSize', label: 'System size, kW' }),
        defineField({ type: 'select', identifier: 'roofType', label: 'Roof type', options: ['Pitched', 'Flat', 'Ground mount'] }),
        heatLoss,
      ],
    },
    taxRates: [
      { id: 't1', name: 'Standard rate', percentage: 20 },
      { id: 't2', name: 'Reduced rate', percentage: 5 },
      { id: 't3', name: 'Zero rate', percentage: 0 },
    ],
    tagNames: [...new Set([...customers, ...projects].flatMap(({ tags }) => tags))],
    webhooks: [],
    deliveries: [],
    sequence: 1_000,
  }
}
