import type { DemoTools } from './tools.ts'

/** One seed flow shown at work: what a person does, and what must have changed at the vendors for the flow to have done its job. */
export type Scenario = {
  template: string
  /** What is about to happen, in plain words. */
  story: string
  /** Triggers the flow and answers the run to follow. */
  act(tools: DemoTools, flow: string): Promise<string>
  /** Throws with the reason when the job was not done. */
  prove(tools: DemoTools): Promise<string>
  /** Said after the proof. */
  afterwards?(tools: DemoTools, flow: string): Promise<string>
}

const PLUMBER = 'hR5tPq8LmVx2NcYb7KwZ'
const SPRING_TAG = '8f54c67ab9ca23337d9daa1c'
const BOILER_GUIDE = 'ccfacb94394963b48df00c25880ac4c46ee628bf.pdf'
const CATALOGUE_BOOK = '766482a9f1e1484f059dbf08511ed7656a66671f.pdf'
const CONTACT = 'VzRINHyRxXvyTQXWSnAS'
const NEW_TAG_NAME = 'spring-sale, 2027'

const mustBe = (condition: boolean, message: string): void => {
  if (!condition) throw new Error(message)
}

export const scenarios: readonly Scenario[] = [
  {
    template: 'social-tags-to-flipbooks',
    story: `Someone renames the social tag "spring-launch" to "${NEW_TAG_NAME}" in HighLevel.`,
    act: async (tools, flow) => {
      await tools.poll(flow)
      await tools.inVendorApp('highlevel', 'rename-tag', { tagId: SPRING_TAG, tag: NEW_TAG_NAME })
      return tools.pollForRun(flow)
    },
    prove: async (tools) => {
      const { tags } = await tools.heyzine(BOILER_GUIDE)
      // A comma cannot stand in a Heyzine tag; it becomes a space.
      mustBe(/ghl:spring-sale +2027/.test(tags), `The flipbook's tags are "${tags}".`)
      return `Flipbook tags are now: ${tags}`
    },
    afterwards: async (tools, flow) => {
      const again = await tools.poll(flow)
      mustBe(again === 0, `Polling again started ${again} runs although nothing changed.`)
      return 'Polled again: nothing changed, nothing was written.'
    },
  },
  {
    template: 'statistics-report-flipbook',
    story: 'Someone asks for the social report of Hartley & Sons Plumbing now instead of waiting for Monday.',
    act: (tools, flow) => tools.start(flow, { picked: {} }),
    prove: async (tools) => {
      const report = await tools.reportFlipbook()
      mustBe(report.pages > 0, 'The simulated Heyzine holds no report document.')
      return `Heyzine fetched the PDF (${report.pages} pages, ${report.size} bytes) and shows it as "${report.title}".`
    },
    afterwards: async (tools, flow) => {
      const run = await tools.follow(await tools.start(flow, { picked: {} }))
      mustBe(run.state === 'done' || run.state === 'skipped', `The second report ended as ${run.state}.`)
      return `Asked again: ${run.summary ?? run.state}`
    },
  },
  {
    template: 'any-endpoint',
    story: 'An endpoint without an action of its own (list categories) is used in a flow.',
    act: (tools, flow) => tools.start(flow, { picked: { flipbookId: CATALOGUE_BOOK } }),
    prove: async (tools) => {
      const { subtitle } = await tools.heyzine(CATALOGUE_BOOK)
      mustBe(subtitle.startsWith('Topics: '), `The subtitle is "${subtitle}".`)
      return `The flipbook's subtitle is now: ${subtitle}`
    },
  },
  {
    template: 'customer-social-tags',
    story: 'Someone picks the Payaca customer Green Homes Ltd.',
    act: (tools, flow) => tools.start(flow, { picked: { customerId: 'c1' } }),
    prove: async (tools) => {
      const value = await tools.payacaField('c1', 'ghlSocialTags')
      mustBe(value.includes('Boiler Service'), `ghlSocialTags is "${value}".`)
      return `Payaca field ghlSocialTags is now: ${value}`
    },
  },
  {
    template: 'post-published-statistics',
    story: 'A scheduled post of Hartley & Sons Plumbing goes out.',
    act: async (tools, flow) => {
      await tools.poll(flow)
      await tools.inVendorApp('highlevel', 'publish-post', { postId: await tools.scheduledPost(PLUMBER) })
      return tools.pollForRun(flow)
    },
    prove: async (tools) => {
      const value = await tools.payacaField('c1', 'ghlSocialStats')
      mustBe(value.length > 0, 'ghlSocialStats is empty.')
      return `Payaca field ghlSocialStats is now: ${value}`
    },
  },
  {
    template: 'customer-tags-to-highlevel',
    story: 'Someone gives the Payaca customer "Okafor household" the tag "Spring offer".',
    act: async (tools, flow) => {
      await tools.poll(flow)
      await tools.inVendorApp('payaca', 'add-customer-tag', { customerId: 'c2', tag: 'Spring offer' })
      return tools.pollForRun(flow)
    },
    prove: async (tools) => {
      const tags = await tools.contactTags(CONTACT)
      mustBe(
        tags.some((tag) => tag.toLowerCase() === 'spring offer'),
        `The contact's tags are ${tags.join(', ')}.`,
      )
      return `HighLevel contact tags are now: ${tags.join(', ')}`
    },
  },
]
