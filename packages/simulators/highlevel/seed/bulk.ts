import { LOCATION_SCOPES, HIGHLEVEL_SAMPLE } from '../credentials.ts'
import { hash, objectId, seededSource, shortId } from '../ids.ts'
import type { Account, HighlevelState, PlannerTag } from '../state.ts'
import { places } from './places.ts'

type BulkLocation = { locationId: string; pit: string }

/** The token of the n-th bulk location, from 1. Fixed, so that load tests need not read it. */
const bulkPit = (at: number): string => `pit-5a3e1c70-b01c-4b6d-9f20-${String(at).padStart(12, '0')}`

/**
 * Adds many sub-accounts for load tests, each with a token, two accounts and planner tags. Ids repeat from one reset to the next.
 */
export function addBulk(state: HighlevelState, size: { locations: number; tagsPerLocation: number }, now: number): BulkLocation[] {
  const [model] = places()
  if (!model) return []
  const source = seededSource('bulk')
  const createdAt = new Date(now - 30 * 86_400_000).toISOString()
  const userId = state.users[0]?.id ?? ''
  const added: BulkLocation[] = []
  for (let at = 1; at <= size.locations; at++) {
    const locationId = shortId(source)
    const name = `Bulk client ${String(at).padStart(3, '0')}`
    const pit = bulkPit(at)
    state.locations.push({ ...model, id: locationId, name, email: `bulk${at}@example.com` })
    state.tokens.push({
      token: pit,
      kind: 'pit',
      companyId: HIGHLEVEL_SAMPLE.companyId,
      locationId,
      appId: '',
      userId,
      scopes: [...LOCATION_SCOPES],
      expiresAt: 0,
      isRevoked: false,
      lastUsedAt: 0,
    })
    for (const platform of ['facebook', 'instagram']) state.accounts.push(bulkAccount(source, locationId, name, platform, now))
    for (let tag = 1; tag <= size.tagsPerLocation; tag++) {
      const row: PlannerTag = {
        _id: objectId(source),
        tag: `tag-${at}-${tag}`,
        locationId,
        createdBy: userId,
        deleted: false,
        createdAt,
        updatedAt: createdAt,
      }
      state.plannerTags.push(row)
    }
    added.push({ locationId, pit })
  }
  return added
}

function bulkAccount(source: () => number, locationId: string, name: string, platform: string, now: number): Account {
  const oauthId = objectId(source)
  const originId = String(10 ** 14 + hash(locationId + platform))
  return {
    id: `${oauthId}_${locationId}_${originId}`,
    oauthId,
    profileId: objectId(source),
    locationId,
    originId,
    name,
    avatar: '',
    platform,
    type: 'page',
    expire: new Date(now + 60 * 86_400_000).toISOString(),
    isExpired: false,
    meta: {},
  }
}
