import type { RunDetail } from '@couplet/api'
import { isJsonObject } from '@couplet/core'
import type { z } from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'
import { type DocumentServer, startDocumentServer } from './support/document-server.ts'
import { type MailServer, mailServer } from './support/mail-server.ts'

/*
 * Every template that is not one of the six seed flows (those are in the demo and the browser journeys): used as a person would, run against
 * the simulated vendors, and judged by what changed there.
 */

let world: TestCouplet
let mail: MailServer
let document: DocumentServer
let plumber = ''
beforeAll(async () => {
  mail = await mailServer()
  document = await startDocumentServer()
  world = await startTestCouplet({
    settings: { COUPLET_SMTP_URL: mail.url, COUPLET_MAIL_FROM: 'couplet@example.org', COUPLET_ALLOWED_HOSTS: new URL(document.url).host },
  })
  plumber = world.couplet.sandbox?.connections.find(({ key }) => key === 'highlevel.plumber')?.id ?? ''
}, 60_000)
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await mail[Symbol.asyncDispose]()
  await document[Symbol.asyncDispose]()
})

/** Uses a template and publishes it. */
async function use(template: string): Promise<string> {
  const { id } = await world.client.templates.instantiate({ params: { template }, body: {} })
  const { problems } = await world.client.flows.publish({ params: { flow: id }, body: {} })
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return id
}

const FINAL = /^(done|skipped|failed|parked|cancelled)$/
async function ended(run: string): Promise<RunDetail> {
  const find = () => world.client.runs.get({ params: { run } })
  await expect.poll(async () => (await find()).state, { timeout: 30_000, interval: 100 }).toMatch(FINAL)
  return find()
}
/** Starts a flow with what its trigger would give, and follows the run to its end. */
const start = async (flow: string, fact: z.core.util.JSONType): Promise<RunDetail> =>
  ended((await world.client.flows.start({ params: { flow }, body: { fact } })).runId)

/** Performs an operation of the catalogue at a vendor, to prepare what a template meets and to see what it left. */
async function perform(operation: string, input: Record<string, unknown>, connection = plumber): Promise<Record<string, unknown>> {
  const { output, fault } = await world.client.catalogue.tryOut({ params: { operation }, body: { connection, input } })
  if (fault) throw new Error(`${operation}: ${fault.message}`)
  return isJsonObject(output) ? output : {}
}
const connectionOf = (connector: string): string => world.couplet.sandbox?.connections.find((one) => one.connector === connector)?.id ?? ''

async function stateOf(vendor: string): Promise<Record<string, unknown>> {
  const { vendors } = await world.client.sandbox.get()
  const state: unknown = await (await fetch(`${vendors.find((one) => one.vendor === vendor)?.url ?? ''}/__sim/state`)).json()
  return isJsonObject(state) ? state : {}
}
async function inVendorApp(vendor: string, action: string, input: object): Promise<void> {
  const { vendors } = await world.client.sandbox.get()
  const answer = await fetch(`${vendors.find((one) => one.vendor === vendor)?.url ?? ''}/__sim/actions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
}
const rows = (state: Record<string, unknown>, name: string): Record<string, unknown>[] => {
  const found = state[name]
  return Array.isArray(found) ? found.filter(isJsonObject) : []
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const CONTACT = {
  id: 'CntAliceRowan0000001',
  name: 'Alice Rowan',
  email: 'alice.rowan@example.com',
  phone: '+447700900101',
  doNotDisturb: false,
  tags: [],
  customFields: [],
}
const LOCATION = 'hR5tPq8LmVx2NcYb7KwZ'

/** The first customer at Payaca, known to HighLevel by the same e-mail address. */
async function sharedCustomer(): Promise<{ customer: { id: string; name: string }; contactId: string }> {
  const customer = await perform('payaca.customer.get', { customerId: 'c1' }, connectionOf('payaca'))
  const contact = await perform('highlevel.contact.upsert', { email: String(customer['email']), firstName: 'Shared' })
  return { customer: { id: 'c1', name: String(customer['name']) }, contactId: String(contact['id']) }
}

describe('a template does at the vendors what it says', () => {
  test('new-contact-to-payaca: a customer with the contact’s address is there, once', async () => {
    const flow = await use('new-contact-to-payaca')
    expect(await start(flow, { contact: CONTACT, locationId: LOCATION })).toMatchObject({ state: 'done' })
    expect(await start(flow, { contact: CONTACT, locationId: LOCATION })).toMatchObject({ state: 'done' })
    const found = rows(await stateOf('payaca'), 'customers').filter((customer) => JSON.stringify(customer).includes(CONTACT.email))
    expect(found).toHaveLength(1)
    const { email: _email, phone: _phone, ...nobody } = CONTACT
    expect(await start(flow, { contact: nobody, locationId: LOCATION })).toMatchObject({
      state: 'skipped',
    })
  })

  test('invoice-paid-opportunity-won: the open opportunity is won', async () => {
    const flow = await use('invoice-paid-opportunity-won')
    const { customer, contactId } = await sharedCustomer()
    const pipelines = await perform('highlevel.opportunities.get-pipelines', {})
    const pipelineId = textOf(rows(pipelines, 'pipelines')[0]?.['id'])
    const { opportunity } = await perform('highlevel.opportunities.create-opportunity', {
      contactId,
      name: 'New boiler',
      pipelineId,
      status: 'open',
    })
    const id = isJsonObject(opportunity) ? String(opportunity['id']) : ''
    expect(await start(flow, { invoiceId: 'i1', reference: 'INV-1', customer, delivery: {} })).toMatchObject({ state: 'done' })
    expect(await perform('highlevel.opportunities.get-opportunity', { id })).toMatchObject({ opportunity: { status: 'won' } })
    expect(await start(flow, { invoiceId: 'i1', reference: 'INV-1', customer, delivery: {} })).toMatchObject({ state: 'skipped' })
  })

  test('weekly-digest-email: the digest arrives with the figures', async () => {
    const flow = await use('weekly-digest-email')
    const run = await start(flow, {
      dueAt: '2026-11-16T08:00:00.000Z',
      day: '2026-11-16',
      lastWeek: { from: '2026-11-09', to: '2026-11-15' },
    })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    expect(mail.received).toMatchObject([{ to: ['owner@example.com'], subject: 'Social figures of the week to 2026-11-16' }])
    expect(mail.received[0]?.text).toMatch(/^Reach [\d,]+, impressions [\d,]+, likes/)
  })

  test('flipbook-lead-to-contact: the reader is a tagged contact', async () => {
    const flow = await use('flipbook-lead-to-contact')
    const lead = {
      date: '2026-11-16T08:00:00Z',
      flipbook: { id: 'x.pdf', title: 'Boiler Guide' },
      firstValue: 'Rita Reader',
      secondValue: 'rita@example.com',
      answers: [
        { label: 'Name', value: 'Rita Reader' },
        { label: 'Your e-mail', value: 'rita@example.com' },
      ],
    }
    expect(await start(flow, lead)).toMatchObject({ state: 'done' })
    const { contacts } = await perform('highlevel.contact.search', { query: 'rita@example.com', limit: 5 })
    expect(contacts).toMatchObject([{ firstName: 'Rita Reader', tags: ['flipbook lead', 'flipbook: boiler guide'] }])
    expect(await start(flow, { ...lead, answers: [{ label: 'Name', value: 'Nobody' }] })).toMatchObject({ state: 'skipped' })
  })

  test('post-failed-alert: a failed post opens one task', async () => {
    const flow = await use('post-failed-alert')
    await world.client.flows.poll({ params: { flow } })
    const post = rows(await stateOf('highlevel'), 'posts').find((one) => one['status'] === 'scheduled')
    await inVendorApp('highlevel', 'fail-post', { postId: post?.['_id'] ?? post?.['id'], error: 'The login has expired' })
    await world.client.flows.poll({ params: { flow } })
    await world.client.flows.poll({ params: { flow } })
    const open = async () =>
      (await world.client.tasks.list({ query: { state: 'open' } })).tasks.filter(({ key }) => key.startsWith('post-failed:'))
    await expect.poll(async () => (await open()).length, { timeout: 20_000 }).toBe(1)
    expect((await open())[0]?.text).toContain('The login has expired')
  })

  test('pdf-to-flipbook-draft-post: a flipbook is made and a draft links to it', async () => {
    const flow = await use('pdf-to-flipbook-draft-post')
    const run = await start(flow, { id: 'one', receivedAt: '2026-11-16T08:00:00Z', body: { pdf: document.url, title: 'Winter guide' } })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    expect(await perform('heyzine.flipbook.list', { titleContains: 'Winter guide' }, connectionOf('heyzine'))).toMatchObject({ count: 1 })
    const draft = rows(await stateOf('highlevel'), 'posts').find((one) => String(one['summary']).startsWith('New: Winter guide'))
    expect(draft).toMatchObject({ status: 'draft' })
    expect(await start(flow, { id: 'two', receivedAt: '2026-11-16T08:00:00Z', body: { title: 'No file' } })).toMatchObject({
      state: 'failed',
      summary: expect.stringContaining('no pdf') as string,
    })
  })

  test('client-tag-opens-flipbook: the client has access, and is not added twice', async () => {
    const flow = await use('client-tag-opens-flipbook')
    const fact = { contact: { ...CONTACT, tags: ['client'] }, locationId: LOCATION }
    const run = await start(flow, fact)
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    expect(JSON.stringify(await stateOf('heyzine'))).toContain(CONTACT.email)
    expect(await start(flow, fact)).toMatchObject({ state: 'skipped' })
  })

  test('untagged-posts-check: a task for each planned post without a tag', async () => {
    const flow = await use('untagged-posts-check')
    const run = await start(flow, {
      dueAt: new Date().toISOString(),
      day: '2026-11-20',
      lastWeek: { from: '2026-11-09', to: '2026-11-15' },
    })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    const loop = run.steps.find(({ key }) => key === 'post')
    const tasks = (await world.client.tasks.list({ query: { state: 'open' } })).tasks.filter(({ key }) => key.startsWith('untagged:'))
    expect(tasks).toHaveLength(loop?.items?.count ?? -1)
  })

  test('visit-to-contact-note: the contact has a note with what and when', async () => {
    const flow = await use('visit-to-contact-note')
    const { customer, contactId } = await sharedCustomer()
    const run = await start(flow, { eventId: 'e1', title: 'Survey', startsAt: '2026-12-01T09:00:00Z', customer, delivery: {} })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    const notes = await perform('highlevel.contacts.get-all-notes', { contactId })
    expect(JSON.stringify(notes)).toContain('Visit planned: Survey, 2026-12-01T09:00:00Z')
  })

  test('finished-job-draft-post: nothing is written before somebody agrees, then a draft', async () => {
    const flow = await use('finished-job-draft-post')
    const fact = { id: 'p1', reference: 'R-7', pipeline: 'Jobs', pipelineStage: 'Completed', tags: [], customFields: {} }
    const drafts = async () =>
      rows(await stateOf('highlevel'), 'posts').filter((one) => String(one['summary']).startsWith('Another job well done')).length
    for (const approved of [false, true]) {
      const before = await drafts()
      const { runId } = await world.client.flows.start({ params: { flow }, body: { fact } })
      await expect.poll(async () => (await world.client.runs.get({ params: { run: runId } })).can, { timeout: 20_000 }).toContain('answer')
      await world.client.runs.answer({ params: { run: runId }, body: { step: 'ask', approved } })
      expect(await ended(runId)).toMatchObject({ state: approved ? 'done' : 'skipped' })
      expect((await drafts()) - before).toBe(approved ? 1 : 0)
    }
  })

  test('flipbook-inventory: the table names every flipbook, and no title is a formula', async () => {
    await perform(
      'heyzine.flipbook.convert-and-wait',
      { pdf: `${document.url}?another`, title: '=HYPERLINK("https://example.com")' },
      connectionOf('heyzine'),
    )
    const flow = await use('flipbook-inventory')
    const run = await start(flow, {
      dueAt: '2026-12-01T06:00:00.000Z',
      day: '2026-12-01',
      lastWeek: { from: '2026-11-23', to: '2026-11-29' },
    })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    const published = run.steps.find(({ key }) => key === 'file')?.output
    const text = await (await fetch(isJsonObject(published) ? String(published['url']) : '')).text()
    const { count } = await perform('heyzine.flipbook.list', { max: 1_000 }, connectionOf('heyzine'))
    expect(text.split('\n')).toHaveLength(1 + Number(count))
    expect(text).toContain('"\'=HYPERLINK(""https://example.com"")"')
  })

  test('tag-register: every tag of every location is a row', async () => {
    const flow = await use('tag-register')
    await world.client.flows.poll({ params: { flow } })
    await expect
      .poll(async () => (await world.client.tables.rows({ params: { table: 'Social tags of all locations' } })).rows.length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(10)
  })

  test('photo-to-media-library: the photo is in the library', async () => {
    const flow = await use('photo-to-media-library')
    const run = await start(flow, {
      id: 'roof-1',
      receivedAt: '2026-11-16T08:00:00Z',
      body: { photo: document.url },
    })
    expect(run, run.fault?.message).toMatchObject({ state: 'done' })
    expect(JSON.stringify(await perform('highlevel.media.list', { query: 'photo-roof-1' }))).toContain('photo-roof-1')
  })
})

test('every template can be looked into, and its flow is right as it stands', async () => {
  const { templates } = await world.client.templates.list()
  expect(templates.length).toBeGreaterThanOrEqual(18)
  for (const { id, isReady } of templates) {
    const { definition } = await world.client.templates.get({ params: { template: id } })
    const flow = await world.client.flows.create({ body: { from: 'file', text: JSON.stringify({ ...definition, name: `Look at ${id}` }) } })
    const errors = flow.problems.filter(({ severity, code }) => severity === 'error' && !code.startsWith('connection.'))
    expect(errors, id).toEqual([])
    if (!isReady)
      expect(
        flow.problems.filter(({ code }) => code === 'formula.may_be_absent'),
        id,
      ).toEqual([])
  }
})
