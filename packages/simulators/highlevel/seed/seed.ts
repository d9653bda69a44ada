import { NO_SAMPLES } from '../catalogue/records.ts'
import { HIGHLEVEL_SAMPLE } from '../credentials.ts'
import type { HighlevelState } from '../state.ts'
import { newWebhookKeys } from '../webhooks/sign.ts'
import { seedAccess } from './access.ts'
import { contactsOf, locationTagsOf } from './contacts.ts'
import { commentsOf, csvImportOf, mediaOf } from './extras.ts'
import { companies, people, places } from './places.ts'
import { accountsOf, categoriesOf, type Place, plannerTagsOf, postsOf } from './planner.ts'
import { dentistWords, gardenWords, plumberWords } from './words.ts'

/** Nothing but the agency, its sub-accounts, people and credentials. */
function emptyState(now: number): HighlevelState {
  const users = people()
  return {
    companies: companies(),
    locations: places(),
    users,
    contacts: [],
    locationTags: [],
    plannerTags: [],
    categories: [],
    accounts: [],
    accountGroups: [],
    oauthSessions: [],
    posts: [],
    csvFiles: [],
    csvImports: [],
    mediaFiles: [],
    mediaContents: [],
    queues: [],
    comments: [],
    statisticsOverrides: [],
    records: [],
    seededCollections: [NO_SAMPLES],
    ...seedAccess(now, users[0]?.id ?? ''),
    webhookKeys: newWebhookKeys(),
    webhookEndpoints: [],
    pendingDeliveries: [],
    heldDeliveries: [],
    deliveries: [],
    rateCounters: {},
  }
}

const samplePlaces = (): Place[] => {
  const { plumber, dentist, gardenCentre } = HIGHLEVEL_SAMPLE.locations
  return [
    {
      locationId: plumber.id,
      name: 'Hartley & Sons Plumbing',
      createdBy: 'uA6hQz1SmFj8KoUe2GwY',
      words: plumberWords,
      platforms: [
        ['facebook', 'page'],
        ['instagram', 'profile'],
        ['google', 'location'],
        ['linkedin', 'page'],
      ],
      posts: 70,
    },
    {
      locationId: dentist.id,
      name: 'Bright Smile Dental',
      createdBy: 'uN4rBx7LcDt9MiVp3ZaF',
      words: dentistWords,
      platforms: [
        ['facebook', 'page'],
        ['instagram', 'profile'],
        ['tiktok', 'business'],
        ['youtube', 'profile'],
      ],
      posts: 66,
    },
    {
      locationId: gardenCentre.id,
      name: 'Willow Brook Garden Centre',
      createdBy: 'uP9vKm4XbGo3WzSd7CfT',
      words: gardenWords,
      platforms: [
        ['facebook', 'page'],
        ['instagram', 'profile'],
        ['pinterest', 'profile'],
        ['linkedin', 'profile'],
      ],
      posts: 64,
    },
  ]
}

/**
 * The starting state. `sample`: three client businesses with 40 planner tags, 12 accounts, 200 posts around now, contacts, media and
 * imports. Ids and words are the same each time; dates are relative to `now` (epoch ms); the webhook key pair is new.
 */
export function seedHighlevel(kind: 'sample' | 'empty', now: number = Date.now()): HighlevelState {
  const state = emptyState(now)
  if (kind === 'empty') return state
  state.seededCollections = []
  for (const [index, place] of samplePlaces().entries()) {
    const tags = plannerTagsOf(place, now)
    const categories = categoriesOf(place, now)
    const { accounts, group } = accountsOf(place, now)
    const posts = postsOf(place, { tags, categories, accounts }, now)
    const media = mediaOf(place, now)
    state.plannerTags.push(...tags)
    state.categories.push(...categories)
    state.accounts.push(...accounts)
    state.accountGroups.push(group)
    state.posts.push(...posts)
    state.locationTags.push(...locationTagsOf(place))
    state.contacts.push(...contactsOf(place, index, now))
    state.mediaFiles.push(...media.files)
    state.mediaContents.push(...media.contents)
    state.csvImports.push(csvImportOf(place, accounts, now))
    state.comments.push(...commentsOf(place, posts, accounts))
  }
  return state
}
