import type { FormHints } from '@couplet/connector-sdk'
import type { IndexRow } from './facts.ts'

/** Fields that mean the same everywhere, by their names in the singular. */
const BY_NAME: Readonly<Record<string, string>> = {
  affiliateId: 'affiliates',
  appointmentId: 'appointments',
  assignedTo: 'users',
  assignedUserId: 'users',
  blogId: 'blogs',
  bookingId: 'bookings',
  brandBoardId: 'brand-boards',
  brandVoiceId: 'brand-voices',
  businessId: 'businesses',
  calendarId: 'calendars',
  callEndWorkflowId: 'workflows',
  collectionId: 'product-collections',
  contactId: 'contacts',
  contact_id: 'contacts',
  conversationId: 'conversations',
  couponId: 'coupons',
  customMenuId: 'custom-menus',
  documentId: 'documents',
  estimateId: 'estimates',
  follower: 'users',
  formId: 'forms',
  funnelId: 'funnels',
  invoiceId: 'invoices',
  knowledgeBaseId: 'knowledge-bases',
  linkId: 'trigger-links',
  locationId: 'locations',
  lostReasonId: 'lost-reasons',
  numberPoolId: 'number-pools',
  objectKey: 'objects',
  opportunityId: 'opportunities',
  orderId: 'orders',
  pipelineId: 'pipelines',
  pipeline_id: 'pipelines',
  pipelineStageId: 'pipeline-stages',
  pipeline_stage_id: 'pipeline-stages',
  priceId: 'prices',
  productId: 'products',
  queueId: 'queues',
  reviewId: 'product-reviews',
  schemaKey: 'objects',
  serviceId: 'services',
  serviceLocationId: 'service-locations',
  shippingCarrierId: 'shipping-carriers',
  shippingRateId: 'shipping-rates',
  shippingZoneId: 'shipping-zones',
  snapshotId: 'snapshots',
  snapshot_id: 'snapshots',
  surveyId: 'surveys',
  transactionId: 'transactions',
  userId: 'users',
  voiceAiAgentId: 'voice-agents',
  workflowId: 'workflows',
}

/** Names that mean something else in each module: `module.name`. */
const BY_MODULE: Readonly<Record<string, string>> = {
  'agent-studio.agentId': 'studio-agents',
  'blogs.authorId': 'blog-authors',
  'blogs.author': 'blog-authors',
  'blogs.category': 'blog-categories',
  'blogs.postId': 'blog-posts',
  'calendars.eventId': 'appointments',
  'calendars.groupId': 'calendar-groups',
  'contacts.campaignId': 'campaigns',
  'contacts.taskId': 'contact-tasks',
  'conversation-ai.agentId': 'conversation-agents',
  'emails.campaignId': 'email-campaigns',
  'emails.templateId': 'email-templates',
  'invoices.scheduleId': 'invoice-schedules',
  'invoices.templateId': 'invoice-templates',
  'locations.tagId': 'location-tags',
  'medias.parentId': 'media-folders',
  'opportunities.campaignId': 'campaigns',
  'payments.subscriptionId': 'subscriptions',
  'proposals.templateId': 'document-templates',
  'social-media-posting.accountId': 'accounts',
  'social-media-posting.categoryId': 'categories',
  'social-media-posting.csvId': 'csv-imports',
  'social-media-posting.itemId': 'queue-items',
  'social-media-posting.postId': 'posts',
  'social-media-posting.profileId': 'profiles',
  'social-media-posting.tagId': 'tags',
  'voice-ai.agentId': 'voice-agents',
}

/** What a plain `id` of the path is, by what stands before it. */
const BY_PATH: Readonly<Record<string, string>> = {
  '/brand-boards/{locationId}/{id}': 'brand-boards',
  '/calendars/schedules/{id}': 'calendar-schedules',
  '/contacts/{contactId}/notes/{id}': 'contact-notes',
  '/funnels/lookup/redirect/{id}': 'redirects',
  '/knowledge-bases/{id}': 'knowledge-bases',
  '/locations/{locationId}/customFields/{id}': 'custom-fields',
  '/locations/{locationId}/customValues/{id}': 'custom-values',
  '/locations/{locationId}/templates/{id}': 'message-templates',
  '/medias/{id}': 'media-files',
  '/objects/{key}': 'objects',
  '/opportunities/{id}': 'opportunities',
  '/payments/coupon': 'coupons',
  '/social-media-posting/{locationId}/accounts/{id}': 'accounts',
  '/social-media-posting/{locationId}/categories/{id}': 'categories',
  '/social-media-posting/{locationId}/csv/{id}': 'csv-imports',
  '/social-media-posting/{locationId}/posts/{id}': 'posts',
}

/** Names that look like one of the above and are none: ids of another vendor, or of a session under way. */
const NOT: ReadonlySet<string> = new Set(['ad-manager.campaignId', 'affiliate-manager.campaignId', 'conversations.templateId'])

/** `calendarIds` as `calendarId`, `followers` as `follower`. */
const singular = (name: string): string => name.replace(/s$/, '')

/** The choice list of a field of an operation, if one offers its values by name; reviewed by hand, by name, module and path. */
export function choiceListOf({ module, path }: Pick<IndexRow, 'module' | 'path'>, member: string): string | undefined {
  const name = /^(assignedTo)$/.test(member) ? member : singular(member)
  if (NOT.has(`${module}.${name}`) || (name === 'accountId' && path.includes('/oauth/'))) return undefined
  if (name === 'id' || name === 'key') {
    const upTo = path.includes(`{${member}}`) ? path.slice(0, path.indexOf(`{${member}}`) + member.length + 2) : path
    return BY_PATH[upTo]
  }
  if (module === 'invoices' && name === 'templateId' && path.includes('/estimate/')) return 'estimate-templates'
  return BY_MODULE[`${module}.${name}`] ?? BY_NAME[name]
}

/** Sibling fields a list depends on; each is a parameter of the operation it is read by. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  'blog-posts': ['blogId'],
  'calendar-schedules': ['userId'],
  'contact-notes': ['contactId'],
  'contact-tasks': ['contactId'],
  'pipeline-stages': ['pipelineId'],
  prices: ['productId'],
  'queue-items': ['queueId'],
  'shipping-rates': ['shippingZoneId'],
}

/** What a list depends on, by its name. */
export const givenOf = (list: string): readonly string[] => GIVEN[list] ?? []

/**
 * Custom fields have other ids in every sub-account, so that they are picked by name wherever a step sets them. Their keys are the same where a
 * snapshot made them.
 */
const customFields = (list: string) => ({
  id: { list, given: [], title: 'Custom field' },
  key: { list: list.replace(/s$/, '-keys'), given: [], title: 'Custom field by its key' },
})

const ITEMS: Readonly<Record<string, NonNullable<FormHints['itemLists']>>> = {
  contacts: { customFields: customFields('contact-fields') },
  opportunities: { customFields: customFields('opportunity-fields') },
}

/** Choice lists for members of the items of a field, by module. */
export const itemChoicesOf = ({ module }: Pick<IndexRow, 'module'>): NonNullable<FormHints['itemLists']> => ITEMS[module] ?? {}
