type Reviewed = 'read' | { resend: 'harmless' | 'never'; because: string }

const harmless = (because: string): Reviewed => ({ resend: 'harmless', because })
const never = (because: string): Reviewed => ({ resend: 'never', because })

const SETS = 'It sets whole values: the same call again leaves the same record.'
const GONE = 'After a lost answer nobody can tell a record that was just removed from one that never was there.'
const TWICE = 'HighLevel takes no idempotency key: the same call again does it a second time.'
const SET_MEMBERS = 'It names members of a set: those already there are not added again, those already gone are not taken twice.'
const MESSAGE = 'People get the message a second time, and a sent message cannot be taken back.'
const MONEY = 'It moves or records money; a second time would count it twice.'

/**
 * Effects reviewed by hand, by operation: contacts, opportunities, conversations, invoices, calendars, the Social Planner, and reads by
 * POST elsewhere. Whatever is not here follows the rules of `effect.ts`.
 */
export const REVIEWED_EFFECTS: Readonly<Record<string, Reviewed>> = {
  // Contacts
  'contacts.search-contacts-advanced': 'read',
  'contacts.create-contact': never('A second contact is made, or refused as a duplicate, depending on a setting of the sub-account.'),
  'contacts.upsert-contact': harmless('HighLevel finds the contact by e-mail or phone and sets the values again.'),
  'contacts.update-contact': harmless(SETS),
  'contacts.delete-contact': never(GONE),
  'contacts.add-tags': harmless(SET_MEMBERS),
  'contacts.remove-tags': harmless(SET_MEMBERS),
  'contacts.create-association': never(
    'Tags of many contacts at once are set in the background; nobody can tell whether the first order is still at work.',
  ),
  'contacts.add-remove-contact-from-business': harmless(SETS),
  'contacts.add-followers-contact': harmless(SET_MEMBERS),
  'contacts.remove-followers-contact': harmless(SET_MEMBERS),
  'contacts.create-task': never(TWICE),
  'contacts.update-task': harmless(SETS),
  'contacts.update-task-completed': harmless(SETS),
  'contacts.delete-task': never(GONE),
  'contacts.create-note': never(TWICE),
  'contacts.update-note': harmless(SETS),
  'contacts.delete-note': never(GONE),
  'contacts.add-contact-to-campaign': never('The campaign may begin again for the contact and send its messages twice.'),
  'contacts.remove-contact-from-campaign': never('Someone may have put the contact into the campaign again meanwhile.'),
  'contacts.remove-contact-from-every-campaign': never('Someone may have put the contact into a campaign again meanwhile.'),
  'contacts.add-contact-to-workflow': never('The workflow may start a second time for the contact.'),
  'contacts.delete-contact-from-workflow': never('Someone may have put the contact into the workflow again meanwhile.'),

  // Opportunities
  'opportunities.search-opportunities-advanced': 'read',
  'opportunities.create-opportunity': never(TWICE),
  'opportunities.upsert-opportunity': never('By what HighLevel recognises the opportunity is not documented; a second one may be made.'),
  'opportunities.update-opportunity': harmless(SETS),
  'opportunities.update-opportunity-status': harmless(SETS),
  'opportunities.delete-opportunity': never(GONE),
  'opportunities.add-followers-opportunity': harmless(SET_MEMBERS),
  'opportunities.remove-followers-opportunity': harmless(SET_MEMBERS),

  // Conversations
  'conversations.create-conversation': never(TWICE),
  'conversations.update-conversation': harmless(SETS),
  'conversations.delete-conversation': never(GONE),
  'conversations.send-a-new-message': never(MESSAGE),
  'conversations.add-an-inbound-message': never('The message would stand in the conversation twice and start automations twice.'),
  'conversations.add-an-outbound-message': never('The call would stand in the conversation twice.'),
  'conversations.send-review-reply': never(MESSAGE),
  'conversations.cancel-scheduled-message': never(GONE),
  'conversations.cancel-scheduled-email-message': never(GONE),
  'conversations.upload-file-attachments': never('The file would be kept twice.'),
  'conversations.initiate-file-upload': never('A second upload would be begun.'),
  'conversations.complete-file-upload': never('Whether a completed upload may be completed again is not documented.'),
  'conversations.update-message-status': harmless(SETS),
  'conversations.update-email-message-status': harmless(SETS),
  'conversations.add-message-attachments': never('Whether attachments are set or added is not documented.'),
  'conversations.live-chat-agent-typing': harmless('It shows a typing mark for a moment; showing it again changes nothing.'),
  'conversations.create-custom-subtype': never(TWICE),
  'conversations.update-custom-subtype': harmless(SETS),
  'conversations.user-subscription-change': harmless(SETS),

  // Invoices
  'invoices.create-invoice': never(TWICE),
  'invoices.update-invoice': harmless(SETS),
  'invoices.delete-invoice': never(GONE),
  'invoices.send-invoice': never(MESSAGE),
  'invoices.void-invoice': never('A voided invoice may refuse to be voided again; nobody can tell the two refusals apart.'),
  'invoices.record-invoice': never(MONEY),
  'invoices.text2pay-invoice': never('A second invoice is made and sent.'),
  'invoices.generate-invoice-number': 'read',
  'invoices.generate-estimate-number': 'read',
  'invoices.create-invoice-template': never(TWICE),
  'invoices.update-invoice-template': harmless(SETS),
  'invoices.delete-invoice-template': never(GONE),
  'invoices.update-invoice-template-late-fees-configuration': harmless(SETS),
  'invoices.update-invoice-late-fees-configuration': harmless(SETS),
  'invoices.update-invoice-payment-methods-configuration': harmless(SETS),
  'invoices.update-invoice-last-visited-at': harmless('It notes a visit; the later note replaces the earlier.'),
  'invoices.update-estimate-last-visited-at': harmless('It notes a visit; the later note replaces the earlier.'),
  'invoices.create-invoice-schedule': never(TWICE),
  'invoices.update-invoice-schedule': harmless(SETS),
  'invoices.delete-invoice-schedule': never(GONE),
  'invoices.update-and-schedule-invoice-schedule': never('It starts the schedule: invoices may go out twice.'),
  'invoices.schedule-invoice-schedule': never('It starts the schedule: invoices may go out twice.'),
  'invoices.auto-payment-invoice-schedule': never(MONEY),
  'invoices.cancel-invoice-schedule': never('Someone may have started the schedule again meanwhile.'),
  'invoices.create-new-estimate': never(TWICE),
  'invoices.update-estimate': harmless(SETS),
  'invoices.delete-estimate': never(GONE),
  'invoices.send-estimate': never(MESSAGE),
  'invoices.create-invoice-from-estimate': never('A second invoice is made from the estimate.'),
  'invoices.create-estimate-template': never(TWICE),
  'invoices.update-estimate-template': harmless(SETS),
  'invoices.delete-estimate-template': never(GONE),

  // Calendars
  'calendars.validate-groups-slug': 'read',
  'calendars.create-calendar': never(TWICE),
  'calendars.update-calendar': harmless(SETS),
  'calendars.delete-calendar': never(GONE),
  'calendars.create-calendar-group': never(TWICE),
  'calendars.edit-group': harmless(SETS),
  'calendars.disable-group': harmless(SETS),
  'calendars.delete-group': never(GONE),
  'calendars.create-appointment': never('A second appointment is booked, and the contact hears of it twice.'),
  'calendars.edit-appointment': harmless(
    'It sets whole values. The contact may hear of the change twice when notifications are on.',
  ),
  'calendars.create-block-slot': never(TWICE),
  'calendars.edit-block-slot': harmless(SETS),
  'calendars.delete-event': never(GONE),
  'calendars.create-appointment-note': never(TWICE),
  'calendars.update-appointment-note': harmless(SETS),
  'calendars.delete-appointment-note': never(GONE),
  'calendars.create-calendar-resource': never(TWICE),
  'calendars.update-calendar-resource': harmless(SETS),
  'calendars.delete-calendar-resource': never(GONE),
  'calendars.create-event-notification': never(TWICE),
  'calendars.update-event-notification': harmless(SETS),
  'calendars.delete-event-notification': never(GONE),
  'calendars.create-schedule': never(TWICE),
  'calendars.update-schedule': harmless(SETS),
  'calendars.delete-schedule': never(GONE),
  'calendars.add-calendar-to-schedule': harmless(SET_MEMBERS),
  'calendars.remove-calendar-from-schedule': harmless(SET_MEMBERS),

  // Social Planner (contract, sections 3 and 4)
  'social-media-posting.get-social-media-statistics': 'read',
  'social-media-posting.get-tags-by-ids': 'read',
  'social-media-posting.get-posts': 'read',
  'social-media-posting.edit-post': harmless('It replaces the whole post: the same call again leaves the same post.'),
  'social-media-posting.bulk-delete-social-planner-posts': harmless('Posts that are gone are passed over.'),
  'social-media-posting.start-csv-finalize': never('Whether posts of a finalised import are made a second time is not documented.'),
  'social-media-posting.upload-csv': harmless('A file that was uploaded and not used further has no effect.'),
  'social-media-posting.set-accounts': never('A second import may begin from the same file.'),
  'social-media-posting.fetch-queues': 'read',
  'social-media-posting.fetch-calendar-list': 'read',
  'social-media-posting.fetch-queue-items': 'read',
  'social-media-posting.fetch-slots': 'read',
  'social-media-posting.fetch-edit-session-calendar': 'read',
  'social-media-posting.get-comment-list': 'read',
  'social-media-posting.create-like': harmless('A comment is liked or it is not; liking it again changes nothing.'),
  'social-media-posting.delete-like': harmless('A comment is liked or it is not; taking the like back again changes nothing.'),
  'social-media-posting.reset-queue-item': harmless('It puts the item back to its post; doing so again changes nothing.'),

  // Reads by POST, and writes by GET-like names, elsewhere
  'locations.task-search': 'read',
  'objects.search-object-records': 'read',
  'users.filter-users-by-email': 'read',
  'store.get-available-shipping-zones': 'read',
  'ad-manager.google-get-keyword-ideas': 'read',
  'email-isv.verify-email': never('Every verification is charged.'),
}
