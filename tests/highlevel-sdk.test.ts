import { HighLevel, MemorySessionStorage } from '@gohighlevel/api-client'
import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HighlevelSandbox, startHighlevel } from './support/highlevel-sandbox.ts'

/*
 * The vendor's own SDK against the simulated vendor: a second client that we did not write. What it can do must work; the defects the
 * contract lists (section 15) must show, because the simulator is as strict as the vendor.
 */

let sandbox: HighlevelSandbox
beforeAll(async () => {
  sandbox = await startHighlevel()
})
afterAll(() => sandbox[Symbol.asyncDispose]())
beforeEach(() => sandbox.control('POST', '/reset', {}))

const { app, locations } = HIGHLEVEL_SAMPLE
const { plumber } = locations
const locationId = plumber.id
const here = { locationId }
const own = <Row extends { locationId: string }>(rows: readonly Row[]): Row[] => rows.filter((row) => row.locationId === locationId)
const wide = { skip: '0', limit: '50', fromDate: '2020-01-01T00:00:00.000Z', toDate: '2040-01-01T00:00:00.000Z', includeUsers: 'false' }

/** The SDK has no setting for the host; its HTTP client is told directly. */
function sdk(config: ConstructorParameters<typeof HighLevel>[0] = { privateIntegrationToken: plumber.pit }): HighLevel {
  const client = new HighLevel({ logLevel: 'none', ...config })
  client.getHttpClient().defaults.baseURL = sandbox.url
  return client
}

/** With a token in the SDK's own store, as an app with OAuth has it. */
async function sdkWithStoredToken(
  session: { access_token: string; refresh_token?: string } = { access_token: app.accessToken },
): Promise<HighLevel> {
  const sessionStorage = new MemorySessionStorage()
  const client = sdk({ clientId: app.clientId, clientSecret: app.clientSecret, sessionStorage })
  await sessionStorage.setSession(locationId, { ...session, userType: 'Location', locationId, expires_in: 86_399 })
  return client
}

/** Headers of every request the SDK sends, as it sends them. */
function sentHeaders(client: HighLevel): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = []
  client.addRequestInterceptor({
    onFulfilled: (config) => {
      sent.push(config.headers.toJSON())
      return config
    },
  })
  return sent
}

describe("HighLevel's own SDK with a Private Integration Token", () => {
  test('lists the planner tags and reads some by their ids', async () => {
    const tags = own(sandbox.state().plannerTags)
    const listed = await sdk().socialMediaPosting.getTagsLocationId({ ...here, limit: '2', skip: '0' })
    expect(listed).toMatchObject({ success: true, statusCode: 200, results: { count: tags.length } })
    expect(listed.results?.tags).toHaveLength(2)
    const first = tags[0]
    const read = await sdk().socialMediaPosting.getTagsByIds(here, { tagIds: [String(first?.['_id'])] })
    expect(read).toMatchObject({ success: true, statusCode: 201, results: { tags: [{ tag: first?.tag }] } })
  })

  test('lists the social accounts and their groups', async () => {
    const answer = await sdk().socialMediaPosting.getAccount(here)
    expect(answer.results?.accounts).toHaveLength(own(sandbox.state().accounts).length)
    expect(answer.results?.accounts?.[0]).toMatchObject({
      id: expect.any(String),
      profileId: expect.any(String),
      platform: expect.any(String),
    })
  })

  test('lists, creates, reads, edits and deletes posts', async () => {
    const { socialMediaPosting } = sdk()
    const [account] = own(sandbox.state().accounts)
    const userId = String(sandbox.state().users.find((user) => user.locationIds.includes(locationId))?.id)
    const draft = { accountIds: [String(account?.id)], type: 'post', userId, status: 'draft', summary: 'Written with the SDK', media: [] }
    const before = await socialMediaPosting.getPosts(here, { type: 'all', ...wide })
    expect(before).toMatchObject({ statusCode: 201 })

    const created = await socialMediaPosting.createPost(here, draft)
    expect(created).toMatchObject({ statusCode: 201, results: { post: { status: 'draft', summary: draft.summary } } })
    const id = String(created.results?.post?.['_id'])
    expect(await socialMediaPosting.getPosts(here, { type: 'all', ...wide })).toMatchObject({
      results: { count: Number(before.results?.count) + 1 },
    })

    expect(await socialMediaPosting.editPost({ ...here, id }, { ...draft, summary: 'Edited' })).toMatchObject({
      success: true,
      statusCode: 200,
    })
    expect(await socialMediaPosting.getPost({ ...here, id })).toMatchObject({ results: { post: { summary: 'Edited', status: 'draft' } } })
    expect(await socialMediaPosting.deletePost({ ...here, id })).toMatchObject({ results: { postId: id } })
  })

  test('reads the sub-account and keeps its tags', async () => {
    const client = sdk()
    expect(await client.locations.getLocation(here)).toMatchObject({ location: { id: locationId } })
    const created = await client.locations.createTag(here, { name: 'from the sdk' })
    expect(created).toMatchObject({ tag: { name: 'from the sdk', locationId } })
    const tagId = String(created.tag?.id)
    expect(await client.locations.updateTag({ ...here, tagId }, { name: 'renamed by the sdk' })).toMatchObject({
      tag: { name: 'renamed by the sdk' },
    })
    const { tags } = await client.locations.getLocationTags(here)
    expect(tags?.map((tag) => tag.name)).toContain('renamed by the sdk')
    expect(await client.locations.deleteTag({ ...here, tagId })).toMatchObject({ succeded: true })
  })

  test('creates a contact and finds it again', async () => {
    const { contacts } = sdk()
    const created = await contacts.upsertContact({ ...here, email: 'sdk@example.com', firstName: 'Sdk' })
    expect(created).toMatchObject({ new: true, contact: { email: 'sdk@example.com' } })
    expect(await contacts.upsertContact({ ...here, email: 'sdk@example.com', lastName: 'Case' })).toMatchObject({
      new: false,
      contact: { id: created.contact?.id },
    })
  })

  test('reads statistics, because the token is in its constant headers', async () => {
    const [account] = own(sandbox.state().accounts)
    const answer = await sdk().socialMediaPosting.getSocialMediaStatistics(here, { profileIds: [String(account?.profileId)] })
    expect(answer).toMatchObject({ results: { totals: expect.any(Object) }, traceId: expect.any(String) })
  })
})

describe('known defects of the SDK show as they would at the vendor', () => {
  test('it sends one Version on every call, which only a vendor that takes any published value accepts', async () => {
    const client = sdk()
    const sent = sentHeaders(client)
    await client.socialMediaPosting.getTagsLocationId(here)
    expect(sent).toEqual([expect.objectContaining({ Version: '2023-02-21' })])
    await sandbox.control('PATCH', '/settings', { versionAnyPublished: false })
    await expect(client.socialMediaPosting.getTagsLocationId(here)).rejects.toMatchObject({ statusCode: 401, code: 'AUTHENTICATION' })
  })

  test('with a stored token, statistics and bulk delete go out without Authorization and answer 401', async () => {
    const client = await sdkWithStoredToken()
    expect(await client.socialMediaPosting.getTagsLocationId(here)).toMatchObject({ success: true })
    const sent = sentHeaders(client)
    await expect(client.socialMediaPosting.getSocialMediaStatistics(here, { profileIds: ['x'] })).rejects.toMatchObject({ statusCode: 401 })
    await expect(client.socialMediaPosting.bulkDeleteSocialPlannerPosts(here, { postIds: ['x'] })).rejects.toMatchObject({
      statusCode: 401,
    })
    expect(sent.map((headers) => headers['Authorization'])).toEqual([undefined, undefined])
  })

  test('a file goes out as JSON, so that nothing is uploaded', async () => {
    const form = new FormData()
    form.append('file', new File(['a,b\n1,2\n'], 'posts.csv', { type: 'text/csv' }))
    await expect(sdk().socialMediaPosting.uploadCsv(here, form)).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(own(sandbox.state().csvImports).some(({ fileName }) => fileName === 'posts.csv')).toBe(false)
  })

  test('its v3 still asks for paths that v3 has renamed', async () => {
    const client = sdk({ privateIntegrationToken: HIGHLEVEL_SAMPLE.agencyPit, apiVersion: 'v3' })
    await expect(client.oauth.getInstalledLocation({ companyId: HIGHLEVEL_SAMPLE.companyId, appId: app.appId })).rejects.toMatchObject({
      statusCode: 400,
      message: 'endpoint not available in v3',
    })
  })

  test('a refused token is not refreshed when the location stands in the body only', async () => {
    const stored = { access_token: 'revoked-token', refresh_token: app.refreshToken }
    const inPath = await sdkWithStoredToken(stored)
    expect(await inPath.locations.getLocation(here)).toMatchObject({ location: { id: locationId } })
    await sandbox.control('POST', '/reset', {})
    const inBody = await sdkWithStoredToken(stored)
    await expect(inBody.contacts.upsertContact({ ...here, email: 'sdk@example.com' })).rejects.toMatchObject({ statusCode: 401 })
  })

  test('it sends people to the older authorize address', () => {
    expect(sdk().oauth.getAuthorizationUrl(app.clientId, 'https://couplet.example/back', 'contacts.readonly')).toMatch(
      /^https:\/\/marketplace\.gohighlevel\.com\/oauth\/chooselocation\?/,
    )
  })
})
