// oxlint-disable no-underscore-dangle -- `_id` is the vendor's own name
import { hash, objectId, seededSource } from '../ids.ts'
import type { Account, Comment, CsvImport, MediaContent, MediaFile, Post } from '../state.ts'
import type { Place } from './planner.ts'

const DAY_MS = 86_400_000

const pictureOf = (title: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="hsl(${hash(title) % 360} 45% 72%)"/><text x="320" y="250" font-family="sans-serif" font-size="28" text-anchor="middle">${title}</text></svg>`

/** Media library of a place: drawings that really load, named after what they stand for. */
export function mediaOf({ locationId, words }: Place, now: number): { files: MediaFile[]; contents: MediaContent[] } {
  const source = seededSource(`media:${locationId}`)
  const rows = words.media.map((file, at) => {
    const id = objectId(source)
    const name = file.replace('.jpg', '.svg')
    const picture = pictureOf(name.replace('.svg', ''))
    const createdAt = new Date(now - (30 - at) * DAY_MS).toISOString()
    return {
      file: {
        id,
        locationId,
        name,
        path: `/media-storage/${locationId}/${id}.svg`,
        contentType: 'image/svg+xml',
        bytes: picture.length,
        parentId: '',
        createdAt,
      },
      content: { id, base64: Buffer.from(picture).toString('base64') },
    }
  })
  return { files: rows.map((row) => row.file), contents: rows.map((row) => row.content) }
}

export function csvImportOf({ locationId, createdBy, words }: Place, accounts: readonly Account[], now: number): CsvImport {
  const source = seededSource(`csv:${locationId}`)
  const createdAt = new Date(now - 21 * DAY_MS).toISOString()
  return {
    id: objectId(source),
    locationId,
    fileName: 'autumn-plan.csv',
    file: `${locationId}/social-import/${objectId(source)}.csv`,
    accountIds: accounts.slice(0, 1).map((row) => row.id),
    status: 'completed',
    createdBy,
    approver: '',
    traceId: objectId(source),
    originId: objectId(source),
    createdAt,
    updatedAt: createdAt,
    kind: 'basic',
    rows: words.captions.slice(0, 3).map((summary, at) => ({
      _id: objectId(source),
      summary,
      scheduleDate: new Date(now - (20 - at) * DAY_MS).toISOString(),
      mediaUrl: '',
      error: '',
    })),
    stepEndsAt: 0,
  }
}

const REMARKS = [
  'Great tip, thank you!',
  'Do you have a slot next week?',
  'Sharing this with my neighbour.',
  'How much would that be?',
] as const

/** Two comments under each of the last few published posts on Facebook. */
export function commentsOf({ locationId }: Place, posts: readonly Post[], accounts: readonly Account[]): Comment[] {
  const page = accounts.find((row) => row.platform === 'facebook')
  if (!page) return []
  const source = seededSource(`comments:${locationId}`)
  const commented = posts.filter((post) => post.status === 'published' && post.accountIds.includes(page.id)).slice(-4)
  return commented.flatMap((post, at) =>
    [0, 1].map((which): Comment => ({
      _id: objectId(source),
      locationId,
      platform: 'facebook',
      originId: page.originId,
      postId: post._id,
      parentId: post._id,
      content: REMARKS[(at + which) % REMARKS.length] ?? '',
      attachments: [],
      authorName: which === 0 ? 'Alice Rowan' : 'Ben Okafor',
      isRead: which === 0,
      isLiked: false,
      likeCount: Math.floor(source() * 5),
      publishedAt: new Date(Date.parse(post.publishedAt ?? post.createdAt) + (which + 1) * 3_600_000).toISOString(),
    })),
  )
}
