import { echoMark } from '@couplet/connector-sdk'
import { canonicalTags, type CustomValue } from './schemas/custom-values.ts'

/** Mark of a customer's whole list of tags; order does not matter. */
export const tagsMark = (customerId: string, tags: readonly string[]): string =>
  echoMark(`py.customer:${customerId}`, 'tags', canonicalTags(tags))

/** Mark of one custom field of a customer. */
export const fieldMark = (customerId: string, identifier: string, value: CustomValue): string =>
  echoMark(`py.customer:${customerId}`, `customFields.${identifier}`, value)
