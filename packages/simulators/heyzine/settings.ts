import type { Setting } from '../frame/simulator.ts'

/** Switches of the simulated Heyzine. Those marked ASSUMED or REPORTED are off while `strict` is on. */
export const heyzineSettings = {
  strict: { value: 'off', mark: 'CONFIRMED', title: 'Strict: only confirmed behaviour', choices: ['off', 'on'] },
  allowPrivateSources: {
    value: true,
    mark: 'CONFIRMED',
    title: 'Fetch sources on localhost and private networks. The real service cannot reach them: switch off to see what it would do',
  },
  conversionDelayMs: { value: 400, mark: 'ASSUMED', title: 'How long a conversion takes, ms (really 8 to 30 s; none in strict mode)' },
  conversionOutlier: { value: false, mark: 'CONFIRMED', title: 'Conversions take 6 minutes (move the clock to pass them)' },
  settleLagMs: {
    value: 3_000,
    mark: 'CONFIRMED',
    title: 'How long title, tags and note read empty after an async conversion, ms (really up to 10 min)',
  },
  defaultListLimit: { value: 0, mark: 'ASSUMED', title: 'Rows of flipbook-list without a limit (0: all)' },
  newQueryNewFlipbook: { value: true, mark: 'ASSUMED', title: 'A changed query string makes another flipbook' },
  emptyTagsIgnored: { value: true, mark: 'ASSUMED', title: 'An empty tags string is ignored (off: it removes all tags)' },
  emptyUserAgent: { value: true, mark: 'ASSUMED', title: 'flipbook-replace fetches with an empty User-Agent' },
  refuseBadUrlPath: { value: true, mark: 'ASSUMED', title: 'url_path takes letters, digits and hyphens only' },
  refuseUnknownPageEffect: { value: true, mark: 'ASSUMED', title: 'An unknown page_effect is refused (off: ignored)' },
  convertFailureBody: {
    value: true,
    mark: 'ASSUMED',
    title: 'A failed blocking conversion answers success false with code 422 (off: HTTP 500)',
  },
  planRefusalCode: { value: true, mark: 'ASSUMED', title: 'Plan refusals carry code 403 (off: a message only)' },
  notFoundWhileStarted: { value: true, mark: 'REPORTED', title: 'The viewer shows a not-found page until the conversion is done' },
  sizeInDetails: { value: true, mark: 'ASSUMED', title: 'flipbook-details carries the size' },
  rateLimitPerMinute: { value: 0, mark: 'ASSUMED', title: 'Requests per minute before HTTP 429 (0: no limit, as documented)' },
  leadsWebhookIdPer: {
    value: 'configuration',
    mark: 'ASSUMED',
    title: 'What id_webhook names: the configuration or each delivery',
    choices: ['configuration', 'delivery'],
  },
  leadsWebhookRetry: { value: false, mark: 'ASSUMED', title: 'Send the leads webhook again after 5xx or no answer (off: once)' },
} satisfies Record<string, Setting>

export type HeyzineSettings = typeof heyzineSettings
