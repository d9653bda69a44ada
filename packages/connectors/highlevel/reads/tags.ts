import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { type SocialTag, TagsReply } from '../schemas/tag.ts'
import { DATED } from '../version-headers.ts'

/** Page size we ask for. The vendor's upper limit is not known, so paging goes by what came back, not by what was asked for (ASSUMED). */
const PAGE = 100
const PAGES_MAX = 200

type Page = { tags: SocialTag[]; count: number | undefined; next: string | undefined }

/** One page of planner tags. `skip` and `limit` must be text (REPORTED: numbers answer 422). `next` is absent on the last page. */
export async function tagPage(
  { http, connection }: HighlevelCall,
  ask: { skip?: string | undefined; limit?: number; searchText?: string | undefined },
): Promise<Page> {
  const skip = Number(ask.skip ?? 0)
  const { tags, count } = await http({
    method: 'GET',
    path: path`/social-media-posting/${connection.locationId}/tags`,
    query: { skip: String(skip), limit: String(ask.limit ?? PAGE), searchText: ask.searchText },
    headers: DATED,
    reply: TagsReply,
  })
  const end = skip + tags.length
  const isLast = tags.length === 0 || (count === undefined ? tags.length < (ask.limit ?? PAGE) : end >= count)
  return { tags, count, next: isLast ? undefined : String(end) }
}

/** All planner tags, each once: offset paging can shift while it is read. */
export async function allTags(call: HighlevelCall, searchText?: string): Promise<SocialTag[]> {
  const found = new Map<string, SocialTag>()
  let skip: string | undefined = '0'
  for (let pages = 0; skip !== undefined && pages < PAGES_MAX; pages++) {
    const page: Page = await tagPage(call, { skip, searchText })
    for (const tag of page.tags) found.set(tag.id, tag)
    skip = page.next
  }
  if (skip !== undefined) call.log('There are more tags than Couplet reads at once.', { read: found.size })
  return [...found.values()]
}
