import { connector, type Connector } from '@couplet/connector-sdk'
import { catalogueLists } from './catalogue/choice-lists.ts'
import { catalogue } from './catalogue/index.ts'
import { listChanged, listOperations } from './catalogue/list-changed.ts'
import { CATALOGUE_SCOPES } from './catalogue/scopes.ts'
import { vendor } from './connector.ts'
import { contacts, locations, locationTags, users } from './lists/neighbours.ts'
import { operations, operationsRead, operationsWrite } from './lists/operations.ts'
import { accounts, categories, comments, csvImports, origins, posts, profiles, queueItems, queues, tags } from './lists/social.ts'
import { contactAddTags } from './operations/contact-add-tags.ts'
import { contactCreate } from './operations/contact-create.ts'
import { contactGet } from './operations/contact-get.ts'
import { contactRemoveTags } from './operations/contact-remove-tags.ts'
import { contactSearch } from './operations/contact-search.ts'
import { contactUpdate } from './operations/contact-update.ts'
import { contactUpsert } from './operations/contact-upsert.ts'
import { locationGet } from './operations/location-get.ts'
import { locationSearch } from './operations/location-search.ts'
import { locationTagCreate } from './operations/location-tag-create.ts'
import { locationTagDelete } from './operations/location-tag-delete.ts'
import { locationTagGet } from './operations/location-tag-get.ts'
import { locationTagList } from './operations/location-tag-list.ts'
import { locationTagRename } from './operations/location-tag-rename.ts'
import { mediaList } from './operations/media-list.ts'
import { mediaUploadFromUrl } from './operations/media-upload-from-url.ts'
import { mediaUpload } from './operations/media-upload.ts'
import { operationRead } from './operations/operation-read.ts'
import { operationWrite } from './operations/operation-write.ts'
import { socialAccountAttach } from './operations/social-account-attach.ts'
import { socialAccountListOffers } from './operations/social-account-list-offers.ts'
import { socialCommentCreate } from './operations/social-comment-create.ts'
import { socialCommentLike } from './operations/social-comment-like.ts'
import { socialCommentList } from './operations/social-comment-list.ts'
import { socialCommentUnlike } from './operations/social-comment-unlike.ts'
import { socialQueueCalendar } from './operations/social-queue-calendar.ts'
import { socialQueueChange } from './operations/social-queue-change.ts'
import { socialQueueCreate } from './operations/social-queue-create.ts'
import { socialQueueDropPost } from './operations/social-queue-drop-post.ts'
import { socialQueueEditBegin } from './operations/social-queue-edit-begin.ts'
import { socialQueueEditCalendar } from './operations/social-queue-edit-calendar.ts'
import { socialQueueEditDiscard } from './operations/social-queue-edit-discard.ts'
import { socialQueueEditSave } from './operations/social-queue-edit-save.ts'
import { socialQueueGet } from './operations/social-queue-get.ts'
import { socialQueueItemAdd } from './operations/social-queue-item-add.ts'
import { socialQueueItemChange } from './operations/social-queue-item-change.ts'
import { socialQueueItemCopy } from './operations/social-queue-item-copy.ts'
import { socialQueueItemList } from './operations/social-queue-item-list.ts'
import { socialQueueItemRemove } from './operations/social-queue-item-remove.ts'
import { socialQueueItemReset } from './operations/social-queue-item-reset.ts'
import { socialQueueListCategories } from './operations/social-queue-list-categories.ts'
import { socialQueueList } from './operations/social-queue-list.ts'
import { socialQueueSlots } from './operations/social-queue-slots.ts'
import { socialAccountDelete } from './operations/social-account-delete.ts'
import { socialAccountList } from './operations/social-account-list.ts'
import { socialCategoryGet } from './operations/social-category-get.ts'
import { socialCategoryList } from './operations/social-category-list.ts'
import { socialCsvDeletePost } from './operations/social-csv-delete-post.ts'
import { socialCsvDelete } from './operations/social-csv-delete.ts'
import { socialCsvFinalize } from './operations/social-csv-finalize.ts'
import { socialCsvGet } from './operations/social-csv-get.ts'
import { socialCsvList } from './operations/social-csv-list.ts'
import { socialCsvSetAccounts } from './operations/social-csv-set-accounts.ts'
import { socialCsvUpload } from './operations/social-csv-upload.ts'
import { socialPostBulkDelete } from './operations/social-post-bulk-delete.ts'
import { socialPostCreate } from './operations/social-post-create.ts'
import { socialPostDelete } from './operations/social-post-delete.ts'
import { socialPostEdit } from './operations/social-post-edit.ts'
import { socialPostGetWithInsights } from './operations/social-post-get-with-insights.ts'
import { socialPostGet } from './operations/social-post-get.ts'
import { socialPostList } from './operations/social-post-list.ts'
import { socialPostSetTags } from './operations/social-post-set-tags.ts'
import { socialStatisticsRange } from './operations/social-statistics-range.ts'
import { socialStatisticsWeek } from './operations/social-statistics-week.ts'
import { socialTagGetMany } from './operations/social-tag-get-many.ts'
import { socialTagList } from './operations/social-tag-list.ts'
import { userList } from './operations/user-list.ts'
import { userSearch } from './operations/user-search.ts'
import { highlevelStatistics } from './statistics/source.ts'
import { contactCreatedByWebhook, contactUpdated, contactDeleted, contactTagUpdated, contactDndUpdated } from './triggers/contact-events.ts'
import { contactCreated } from './triggers/contact-created.ts'
import { locationTagChanged } from './triggers/location-tag-changed.ts'
import { opportunityCreated } from './triggers/opportunity-created.ts'
import { socialPostFailed } from './triggers/social-post-failed.ts'
import { socialPostPublished } from './triggers/social-post-published.ts'
import { socialStatisticsDue } from './triggers/social-statistics-due.ts'
import { socialTagChanged } from './triggers/social-tag-changed.ts'
import { webhookEvent } from './triggers/webhook-event.ts'

/** HighLevel with everything Couplet offers for it. */
export const highlevel: Connector = connector({
  spec: { ...vendor.spec, scopes: { ...vendor.spec.scopes, ...CATALOGUE_SCOPES } },
  actions: [
    contactAddTags,
    contactCreate,
    contactGet,
    contactRemoveTags,
    contactSearch,
    contactUpdate,
    contactUpsert,
    locationGet,
    locationSearch,
    locationTagCreate,
    locationTagDelete,
    locationTagGet,
    locationTagList,
    locationTagRename,
    mediaList,
    mediaUploadFromUrl,
    mediaUpload,
    operationRead,
    operationWrite,
    socialAccountAttach,
    socialAccountListOffers,
    socialCommentCreate,
    socialCommentLike,
    socialCommentList,
    socialCommentUnlike,
    socialQueueCalendar,
    socialQueueChange,
    socialQueueCreate,
    socialQueueDropPost,
    socialQueueEditBegin,
    socialQueueEditCalendar,
    socialQueueEditDiscard,
    socialQueueEditSave,
    socialQueueGet,
    socialQueueItemAdd,
    socialQueueItemChange,
    socialQueueItemCopy,
    socialQueueItemList,
    socialQueueItemRemove,
    socialQueueItemReset,
    socialQueueListCategories,
    socialQueueList,
    socialQueueSlots,
    socialAccountDelete,
    socialAccountList,
    socialCategoryGet,
    socialCategoryList,
    socialCsvDeletePost,
    socialCsvDelete,
    socialCsvFinalize,
    socialCsvGet,
    socialCsvList,
    socialCsvSetAccounts,
    socialCsvUpload,
    socialPostBulkDelete,
    socialPostCreate,
    socialPostDelete,
    socialPostEdit,
    socialPostGetWithInsights,
    socialPostGet,
    socialPostList,
    socialPostSetTags,
    socialStatisticsRange,
    socialStatisticsWeek,
    socialTagGetMany,
    socialTagList,
    userList,
    userSearch,
  ],
  triggers: [
    contactCreated,
    contactUpdated,
    contactDeleted,
    contactTagUpdated,
    contactDndUpdated,
    listChanged,
    locationTagChanged,
    socialPostFailed,
    socialPostPublished,
    socialStatisticsDue,
    socialTagChanged,
    opportunityCreated,
    webhookEvent,
  ],
  superseded: [contactCreatedByWebhook],
  lists: {
    ...catalogueLists,
    accounts,
    profiles,
    tags,
    categories,
    posts,
    'csv-imports': csvImports,
    queues,
    'queue-items': queueItems,
    origins,
    comments,
    users,
    locations,
    'location-tags': locationTags,
    contacts,
    operations,
    'operations-read': operationsRead,
    'operations-write': operationsWrite,
    'list-operations': listOperations,
  },
  lazy: catalogue,
  statistics: highlevelStatistics,
})
