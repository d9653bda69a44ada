/**
 * Everything the simulated HighLevel remembers, as plain JSON. Invariant: ids and `locationId` of a row never change, rows are
 * appended at the end, and a removal replaces the whole list. The indices in `lookup.ts` depend on it.
 */

export type Company = { id: string; name: string; planId: string }

export type Location = {
  id: string
  companyId: string
  name: string
  email: string
  phone: string
  address: string
  city: string
  state: string
  country: string
  postalCode: string
  website: string
  timezone: string
  /** Suspended sub-accounts: token calls answer "Location is not active". */
  isActive: boolean
}

export type User = {
  id: string
  companyId: string
  locationIds: string[]
  name: string
  firstName: string
  lastName: string
  email: string
  phone: string
  role: 'admin' | 'user'
  type: 'agency' | 'account'
  deleted: boolean
}

export type Contact = {
  id: string
  locationId: string
  firstName: string
  lastName: string
  email?: string | undefined
  phone?: string | undefined
  tags: string[]
  customFields: { id: string; value: unknown }[]
  dnd: boolean
  dateAdded: string
  dateUpdated: string
  /** Further members the API accepts as they are: address1, city, source, companyName and so on. */
  more: Record<string, unknown>
}

export type LocationTag = { id: string; name: string; locationId: string }

export type PlannerTag = {
  _id: string
  tag: string
  locationId: string
  createdBy: string
  deleted: boolean
  createdAt: string
  updatedAt: string
}

export type Category = {
  _id: string
  name: string
  primaryColor: string
  secondaryColor: string
  locationId: string
  createdBy: string
  deleted: boolean
  createdAt: string
  updatedAt: string
}

export type Account = {
  id: string
  oauthId: string
  profileId: string
  locationId: string
  originId: string
  name: string
  avatar: string
  platform: string
  type: string
  expire: string
  isExpired: boolean
  meta: Record<string, unknown>
}

export type AccountGroup = { id: string; name: string; locationId: string; accountIds: string[] }

/** A login the user has begun in a popup: what it may attach. */
export type OauthSession = { id: string; locationId: string; platform: string; offers: { id: string; name: string; type: string }[] }

export type PostStatus =
  | 'draft'
  | 'scheduled'
  | 'in_review'
  | 'published'
  | 'in_progress'
  | 'pending'
  | 'failed'
  | 'notification_sent'
  | 'deleted'

export type Media = Record<string, unknown> & { url: string; type?: string | undefined }

export type Post = {
  _id: string
  source: string
  locationId: string
  accountIds: string[]
  type: string
  status: PostStatus
  summary: string
  media: Media[]
  tags: string[]
  categoryId?: string | undefined
  createdBy: string
  userId: string
  scheduleDate?: string | undefined
  displayDate: string
  createdAt: string
  updatedAt: string
  publishedAt?: string | undefined
  /** Id on the network, once published. The network's post outlives a deletion here. */
  postId?: string | undefined
  error: string
  subPosts: { _id: string; accountId: string }[]
  /** Platform blocks, link preview, approval: kept as sent. */
  details: Record<string, unknown>
}

export type CsvRow = { _id: string; summary: string; scheduleDate: string; mediaUrl: string; error: string }
type CsvFile = { filePath: string; fileName: string; locationId: string; rows: CsvRow[]; bytes: number; kind: 'basic' | 'advance' }
export type CsvImport = {
  id: string
  locationId: string
  fileName: string
  file: string
  accountIds: string[]
  status: string
  createdBy: string
  approver: string
  traceId: string
  originId: string
  createdAt: string
  updatedAt: string
  kind: 'basic' | 'advance'
  rows: CsvRow[]
  /** Epoch ms at which the step under way ends. */
  stepEndsAt: number
}

export type MediaFile = {
  id: string
  locationId: string
  name: string
  path: string
  contentType: string
  bytes: number
  parentId: string
  createdAt: string
}
/** The bytes of an uploaded file, base64. The oldest go when all together pass a bound. */
export type MediaContent = { id: string; base64: string }

export type QueueItem = {
  _id: string
  order: number
  postId: string
  variations: unknown[]
  primaryImage: string
  payload: Record<string, unknown>
}
export type Queue = {
  _id: string
  locationId: string
  categoryId: string
  timeSlots: { _id: string; dayOfWeek: number; time: string }[]
  enableFuturePosts: boolean
  prioritizeNewContent: boolean
  status: 'draft' | 'active' | 'paused' | 'deleted'
  skipDateTime: string[]
  createdBy: string
  startDate: string
  createdAt: string
  updatedAt: string
  items: QueueItem[]
  edit?: { sessionId: string; items: QueueItem[] } | undefined
}

export type Comment = {
  _id: string
  locationId: string
  platform: string
  originId: string
  postId: string
  parentId: string
  content: string
  attachments: unknown[]
  authorName: string
  isRead: boolean
  isLiked: boolean
  likeCount: number
  publishedAt: string
}

export type App = {
  appId: string
  versionId: string
  name: string
  clientId: string
  clientSecret: string
  /** Sub-account apps get Location tokens, agency apps Company tokens. Fixed for ever. */
  target: 'Location' | 'Company'
  redirectUris: string[]
  scopes: string[]
  defaultWebhookUrl: string
  eventWebhookUrls: Record<string, string>
}

export type Install = { appId: string; companyId: string; locationId: string; installedAt: string }

export type TokenKind = 'pit' | 'agency-pit' | 'Location' | 'Company'
export type Token = {
  token: string
  kind: TokenKind
  companyId: string
  /** Empty for tokens of a whole agency. */
  locationId: string
  /** Empty for Private Integration Tokens. */
  appId: string
  userId: string
  scopes: string[]
  /** Epoch ms; 0: never. */
  expiresAt: number
  isRevoked: boolean
  lastUsedAt: number
}

export type RefreshToken = {
  refreshToken: string
  appId: string
  kind: 'Location' | 'Company'
  companyId: string
  locationId: string
  scopes: string[]
  expiresAt: number
  /** Epoch ms of its one use; 0 while unused. */
  usedAt: number
  /** What that use answered: told again to parallel callers for 30 s. */
  answer?: Record<string, unknown> | undefined
}

type AuthorizationCode = {
  code: string
  appId: string
  companyId: string
  locationId: string
  scopes: string[]
  redirectUri: string
  challenge: string
  expiresAt: number
}

/** One day of one profile, set by hand: what the network corrected later. */
/** Numbers of a day set by hand; `isLost`: the network never gave any. */
type StatisticsOverride = { profileId: string; day: string; numbers: Record<string, number>; isLost?: boolean }

export type PendingDelivery = {
  deliveryId: string
  webhookId: string
  event: string
  url: string
  rawBody: string
  signing: 'own-key' | 'wrong-key' | 'none'
  attempt: number
  dueAt: number
}
export type Delivery = {
  deliveryId: string
  webhookId: string
  event: string
  url: string
  attempt: number
  at: string
  /** 0 when there was no answer. */
  status: number
  error: string
  willRetryAt: string
  rawBody: string
}
export type WebhookEndpoint = { url: string; windowStartedAt: number; sent: number; succeeded: number; isPaused: boolean }
export type WebhookKeys = { ed25519Private: string; ed25519Public: string; rsaPrivate: string; rsaPublic: string }

export type RateCounter = { windowStartedAt: number; used: number; dayStartedAt: number; usedToday: number }

/** A record of a collection that is served from the vendor's published files alone. */
export type CatalogueRecord = {
  id: string
  /** `calendars/groups` */
  collection: string
  locationId: string
  /** Ids of the records it belongs to, by the names the path has for them. */
  owners: Record<string, string>
  createdAt: string
  updatedAt: string
  value: Record<string, unknown>
}

export type HighlevelState = {
  companies: Company[]
  locations: Location[]
  users: User[]
  contacts: Contact[]
  locationTags: LocationTag[]
  plannerTags: PlannerTag[]
  categories: Category[]
  accounts: Account[]
  accountGroups: AccountGroup[]
  oauthSessions: OauthSession[]
  posts: Post[]
  csvFiles: CsvFile[]
  csvImports: CsvImport[]
  mediaFiles: MediaFile[]
  mediaContents: MediaContent[]
  queues: Queue[]
  comments: Comment[]
  statisticsOverrides: StatisticsOverride[]
  records: CatalogueRecord[]
  /** Places whose sample records were made: collection, sub-account and owners. */
  seededCollections: string[]
  apps: App[]
  installs: Install[]
  tokens: Token[]
  refreshTokens: RefreshToken[]
  authorizationCodes: AuthorizationCode[]
  webhookKeys: WebhookKeys
  webhookEndpoints: WebhookEndpoint[]
  pendingDeliveries: PendingDelivery[]
  /** Deliveries held back until the next one has gone: how the simulator reorders. */
  heldDeliveries: PendingDelivery[]
  deliveries: Delivery[]
  rateCounters: Record<string, RateCounter>
}
