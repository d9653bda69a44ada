import type { Setting } from '../frame/simulator.ts'

/** Switches of the simulated Payaca. `strict` turns off what the last five assume, whatever they say. */
export const payacaSettings = {
  strict: {
    value: 'off',
    mark: 'CONFIRMED',
    title: 'Strict: on = documented operations only, paths = only the one documented path',
    choices: ['off', 'on', 'paths'],
  },
  customerListShape: {
    value: 'items',
    mark: 'ASSUMED',
    title: 'Shape of the customer list: {"customers": {"items": […]}} or a bare array',
    choices: ['items', 'array'],
  },
  projectWrapper: {
    value: 'project',
    mark: 'ASSUMED',
    title: 'The key a project answer sits under (one documented sample says customer)',
    choices: ['project', 'customer'],
  },
  webhookProjectMember: {
    value: 'project',
    mark: 'ASSUMED',
    title: 'The member of the stage-change payload that holds the project',
    choices: ['project', 'data'],
  },
  errorBody: {
    value: 'message',
    mark: 'ASSUMED',
    title: 'Error body: {"message"}, {"error"}, {"errors": […]} or plain text',
    choices: ['message', 'error', 'errors', 'text'],
  },
  customFieldsMerge: { value: true, mark: 'ASSUMED', title: 'Updating customFields keeps unnamed keys (off: they are lost)' },
  refuseUnknownCustomField: { value: true, mark: 'ASSUMED', title: 'Refuse custom field keys that are not configured (off: ignored)' },
  customerCarriesTags: { value: true, mark: 'ASSUMED', title: 'Customer answers carry tags' },
  customerCarriesCustomFields: { value: true, mark: 'ASSUMED', title: 'Customer answers carry customFields' },
  tagAutoCreate: { value: true, mark: 'ASSUMED', title: 'Unknown tag names are created (off: refused)' },
  tagsIgnoreCase: { value: true, mark: 'ASSUMED', title: 'Tag names that differ in case only are the same tag' },
  webhookFirstRetryMs: { value: 10_000, mark: 'ASSUMED', title: 'Wait before the first webhook retry, ms; doubled each time' },
  webhookAttemptsMax: { value: 8, mark: 'ASSUMED', title: 'Webhook attempts before giving up' },
  webhookTimeoutMs: { value: 10_000, mark: 'ASSUMED', title: 'How long a webhook waits for an answer, ms of real time' },
  webhookBackoff: { value: true, mark: 'CONFIRMED', title: 'Retry webhooks with exponential backoff (off in strict mode: one attempt)' },
  tagRemovalByApi: { value: true, mark: 'ASSUMED', title: 'DELETE /v1/customers/{id}/tags removes tags' },
  projectRetags: { value: true, mark: 'ASSUMED', title: 'Updating a project replaces its tags' },
  customerFieldDefinitions: { value: true, mark: 'ASSUMED', title: 'Custom field definitions exist for the role customer, too' },
  rateLimitPerMinute: { value: 0, mark: 'ASSUMED', title: 'Requests per minute before 429 with Retry-After (0: no limit)' },
} satisfies Record<string, Setting>

export type PayacaSettings = typeof payacaSettings
