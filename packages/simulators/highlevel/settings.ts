import type { Mark, Setting } from '../frame/simulator.ts'

/**
 * The switches of the HighLevel simulator. Each says how sure we are of what it reproduces. In strict mode every switch that is
 * not CONFIRMED counts as off, whatever its value (`rules.ts`).
 */

type Flag = Setting & { value: boolean }
type Amount = Setting & { value: number }
type Choice = Setting & { value: string; choices: readonly string[] }

const flag = (value: boolean, mark: Mark, title: string): Flag => ({ value, mark, title })
const amount = (value: number, mark: Mark, title: string): Amount => ({ value, mark, title })
const choice = (value: string, choices: readonly string[], mark: Mark, title: string): Choice => ({ value, mark, title, choices })

export const highlevelSettings = {
  strict: flag(false, 'CONFIRMED', 'Strict: only what HighLevel publishes; every reported or assumed behaviour is off'),

  rateLimitMax: amount(100, 'CONFIRMED', 'Requests per interval, per app and location'),
  rateLimitIntervalMs: amount(10_000, 'CONFIRMED', 'Length of the interval in ms'),
  rateLimitDailyMax: amount(200_000, 'CONFIRMED', 'Requests per day, per app and location'),
  pitBurstMax: amount(100, 'REPORTED', 'Requests per interval a Private Integration Token really gets; users report fewer than 100'),
  tooManyRequestsBody: flag(true, 'ASSUMED', '429 carries {statusCode: 429, message: "Too Many Requests"}'),
  retryAfterHeader: flag(false, 'ASSUMED', '429 carries Retry-After in seconds'),

  userAgentRequired: flag(true, 'REPORTED', 'Without User-Agent the edge answers 403 as text'),
  authTexts: flag(true, 'REPORTED', 'Refused tokens, scopes and versions answer the texts users report'),
  versionGate: flag(true, 'REPORTED', 'A path of the other version answers 404 "Cannot GET" or 400 "endpoint not available in v3"'),
  versionAnyPublished: flag(true, 'REPORTED', 'A path that exists in several versions answers to any published value'),
  pitLapsesUnused: flag(false, 'REPORTED', 'A Private Integration Token ends after 90 days without use'),
  bulkDeleteScope: choice('both', ['csv.write', 'post.write', 'both'], 'ASSUMED', 'Scope that bulk delete asks for'),
  commentsScope: choice('none', ['none', 'comments', 'comment'], 'ASSUMED', 'Scope family that comments ask for'),

  whitelist422: flag(true, 'REPORTED', 'An unknown body property answers 422'),
  numberString422: flag(true, 'REPORTED', 'A number where a number string belongs answers 422 "must be a number string"'),
  publishWithoutStatus: flag(true, 'REPORTED', 'A post created without status goes out at once, even with a future date'),
  putWithoutStatusDrafts: flag(true, 'REPORTED', 'A scheduled post edited without status falls back to draft'),
  publishedRefusePut: flag(true, 'REPORTED', 'A published post cannot be edited'),
  scheduleDate422: flag(true, 'REPORTED', 'scheduleDate must be UTC with Z and in the future'),
  mediaType422: flag(true, 'REPORTED', 'Media of a scheduled post must carry a MIME type'),
  mimeTypes: choice('v3-list', ['v3-list', 'image/jpeg only'], 'ASSUMED', 'MIME types that scheduled posts accept'),
  shortMediaType: flag(true, 'REPORTED', 'Reading a post (v2) shortens media types to "image" or "video"'),
  unreliablePlatform: flag(true, 'REPORTED', 'The platform of a post says "google" whatever its accounts are'),
  subPosts: flag(true, 'REPORTED', 'A post to several accounts has sub-posts; editing gives them new ids'),
  subPostsListed: flag(false, 'ASSUMED', 'Sub-posts show in lists beside their parent'),
  deletedPostsStayListed: flag(true, 'REPORTED', 'A deleted post still shows in lists of all posts'),
  listInProgress400: flag(true, 'REPORTED', 'Listing posts of type in_progress answers 400'),
  listByDisplayDate: flag(true, 'ASSUMED', 'The list window filters on the display date; off: on the creation date'),
  createWithoutResultsPercent: amount(0, 'REPORTED', 'Share of create-post answers without results, in percent'),
  phantomTagCreate: flag(true, 'REPORTED', 'POST of a planner tag answers created and changes nothing'),
  publishDelayMs: amount(2_000, 'ASSUMED', 'Time a due post spends in progress before it is published, in ms'),
  insightsDelayMs: amount(900_000, 'ASSUMED', 'Time until the insights of a published post appear (v3), in ms'),
  pageSizeMax: amount(100, 'ASSUMED', 'Largest page of a list; more is cut'),
  renameMovesUpdatedAt: flag(true, 'ASSUMED', 'Renaming a planner tag or category moves updatedAt'),
  deletedTagsStayListed: flag(true, 'ASSUMED', 'A deleted planner tag stays listed with deleted: true'),
  csvStepMs: amount(500, 'ASSUMED', 'Time each step of a CSV import takes, in ms'),
  duplicateContact400: flag(true, 'ASSUMED', 'Creating a contact whose e-mail or phone exists answers 400'),

  contactSearchSort: flag(true, 'REPORTED', 'The search of contacts goes by sort: [{field, direction}]; off: newest first'),
  searchLagMs: amount(0, 'ASSUMED', 'Time until a new contact or opportunity shows in searches, in ms'),

  webhookForm: choice('flat', ['flat', 'wrapped'], 'CONFIRMED', 'Body of a webhook: members at the root, or under data'),
  webhookRsaHeader: flag(false, 'CONFIRMED', 'Sends the older x-wh-signature (RSA-SHA256) too'),
  webhookRetryRule: choice('only-429', ['none', 'only-429', 'non-2xx'], 'ASSUMED', 'Answers that make HighLevel send a webhook again'),
  webhookCircuitBreaker: flag(false, 'ASSUMED', 'Pauses a URL after 10,000 deliveries in 3 days with under 90 % success'),
  webhookNotSignedText: flag(true, 'REPORTED', 'An unsigned delivery carries X-GHL-Signature: N/A'),
  webhookDeliveryIdHeader: flag(false, 'ASSUMED', 'Sends x-ghl-delivery-id with each attempt'),
  pkce: choice(
    'checked',
    ['checked', 'ignored', 'refused'],
    'ASSUMED',
    'A code challenge on the consent page: checked at the token call, ignored, or refused as unknown',
  ),
  authorizeAtOnce: flag(false, 'ASSUMED', 'The authorize page chooses the first location without asking'),
}

export type HighlevelSettings = typeof highlevelSettings
