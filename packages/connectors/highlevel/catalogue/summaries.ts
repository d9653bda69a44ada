/**
 * What an operation does and does not, by hand, for those people use most. How it gives pages and whether it is repeated is added by rule,
 * so that it cannot be told wrong.
 */
export const SUMMARIES: Readonly<Record<string, string>> = {
  // Contacts
  'contacts.create-note': 'Writes a note on the page of a contact, in the name of a person of the sub-account if you name one.',
  'contacts.update-note': 'Replaces the text of a note about a contact.',
  'contacts.get-all-notes': 'Reads all notes on the page of a contact, with who wrote each.',
  'contacts.create-task': 'Gives a person of the sub-account something to do about a contact, with a due date.',
  'contacts.update-task': 'Changes title, text, due date or person of a task about a contact.',
  'contacts.update-task-completed': 'Ticks a task about a contact off, or opens it again.',
  'contacts.get-all-tasks': 'Reads the tasks about a contact, open and done.',
  'contacts.get-appointments-for-contact': 'Reads the appointments of a contact in all calendars.',
  'contacts.add-contact-to-workflow': 'Starts a workflow of HighLevel for a contact, now or at a time you name.',
  'contacts.delete-contact-from-workflow': 'Takes a contact out of a workflow; steps that ran already are not undone.',
  'contacts.add-contact-to-campaign': 'Puts a contact into a campaign, which begins to send its messages.',
  'contacts.add-followers-contact': 'Lets people of the sub-account follow a contact; those who do already stay.',
  'contacts.get-duplicate-contact':
    'Finds the contact with this e-mail address or phone number, by the rule the sub-account has for duplicates.',
  'contacts.delete-contact': 'Deletes a contact; the API has no way back.',
  'contacts.create-association': 'Adds tags to many contacts at once, or takes them away.',

  // Opportunities
  'opportunities.create-opportunity': 'Puts a deal of a contact into a stage of a pipeline, with a value and a person.',
  'opportunities.update-opportunity': 'Changes name, value, stage, status or person of an opportunity.',
  'opportunities.upsert-opportunity':
    'Changes the opportunity of a contact in a pipeline, or makes one. By what it is found is not documented.',
  'opportunities.update-opportunity-status': 'Marks an opportunity as open, won, lost or abandoned, and sets nothing else.',
  'opportunities.get-opportunity': 'Reads one opportunity with its contact, value, stage, notes and tasks.',
  'opportunities.search-opportunity': 'Finds opportunities by pipeline, stage, status, person, contact or text.',
  'opportunities.search-opportunities-advanced': 'Finds opportunities by filters that can be combined, in the order you choose.',
  'opportunities.get-pipelines': 'Reads all pipelines of the sub-account with their stages in order.',
  'opportunities.delete-opportunity': 'Deletes an opportunity; the API has no way back.',

  // Calendars
  'calendars.get-calendars': 'Reads the calendars of the sub-account with their kind, group and members.',
  'calendars.get-slots': 'Reads when a calendar is free between two times, by day, in the time zone you name.',
  'calendars.create-appointment':
    'Books a time in a calendar for a contact. The automations of the calendar start unless you switch them off here.',
  'calendars.edit-appointment': 'Moves an appointment or changes its status, title or person.',
  'calendars.get-appointment': 'Reads one appointment with its time, status, contact and calendar.',
  'calendars.get-calendar-events': 'Reads appointments between two times, of a calendar, a group or a person.',
  'calendars.delete-event': 'Deletes an appointment or blocked time. To tell the contact, set its status to cancelled instead.',
  'calendars.create-block-slot': 'Keeps a time free of bookings, for a calendar or a person.',
  'calendars.get-blocked-slots': 'Reads the times that are kept free of bookings.',
  'calendars.create-appointment-note': 'Writes a note about an appointment, seen by the people of the sub-account.',
  'calendars.get-appointment-notes': 'Reads the notes about an appointment.',

  // Conversations
  'conversations.send-a-new-message': 'Sends an SMS, e-mail, WhatsApp or chat message to a contact: at once, or at the time you name.',
  'conversations.search-conversation': 'Finds conversations by contact, person, status or text.',
  'conversations.get-conversation': 'Reads one conversation: its contact, channel, person and whether it is read.',
  'conversations.get-messages': 'Reads the messages of a conversation.',
  'conversations.get-message': 'Reads one message with its text, channel, direction and delivery status.',
  'conversations.create-conversation': 'Opens a conversation with a contact; nothing is sent by it.',
  'conversations.add-an-inbound-message': 'Writes a message into a conversation as if the contact had sent it.',
  'conversations.add-an-outbound-message': 'Notes a call that a person made elsewhere in the conversation of a contact.',
  'conversations.update-conversation': 'Marks a conversation as read or unread, starred or not.',
  'conversations.cancel-scheduled-message': 'Stops a message that has not been sent yet.',

  // Invoices and payments
  'invoices.create-invoice': 'Writes an invoice for a contact, as a draft: it is sent by a step of its own.',
  'invoices.send-invoice': 'Sends an invoice to its contact by e-mail, SMS or both.',
  'invoices.get-invoice': 'Reads one invoice with its items, status and what is still due.',
  'invoices.list-invoices': 'Finds invoices by status, contact, number or date of payment.',
  'invoices.update-invoice': 'Replaces the items and details of an invoice.',
  'invoices.void-invoice': 'Makes an invoice void, so that it is no longer to be paid.',
  'invoices.record-invoice': 'Notes that an invoice was paid outside HighLevel, in cash or by bank; no money is moved.',
  'invoices.create-new-estimate': 'Writes an estimate for a contact, as a draft.',
  'invoices.send-estimate': 'Sends an estimate to its contact, who can accept or decline it.',
  'invoices.create-invoice-from-estimate': 'Writes an invoice with the items of an estimate.',
  'invoices.generate-invoice-number': 'Reads the number the next invoice will have.',
  'payments.list-orders': 'Finds orders by contact, status or time.',
  'payments.get-order-by-id': 'Reads one order with its items, amounts and status.',
  'payments.list-transactions': 'Finds payments and refunds by contact, status or time.',
  'payments.list-subscriptions': 'Finds subscriptions by contact, status or time.',

  // Custom fields, values, objects
  'locations.get-custom-fields': 'Reads the custom fields of contacts or opportunities with their kinds and choices.',
  'locations.create-custom-field': 'Adds a field to contacts or opportunities.',
  'locations.get-custom-values': 'Reads the texts of the sub-account that templates put in by name.',
  'locations.update-custom-value': 'Replaces a text that templates put in by name.',
  'objects.search-object-records': 'Finds records of a custom object by filters, page by page.',
  'objects.create-object-record': 'Makes a record of a custom object with the values of its fields.',
  'objects.update-object-record': 'Changes the fields of a record of a custom object.',

  // Reach and the rest
  'workflows.get-workflow': 'Reads the workflows of the sub-account with their status; their steps cannot be read by API.',
  'campaigns.get-campaigns': 'Reads the campaigns of the sub-account with their status.',
  'forms.get-forms-submissions': 'Reads what people sent by the forms of the sub-account between two days.',
  'surveys.get-surveys-submissions': 'Reads what people answered in the surveys of the sub-account between two days.',
  'products.list-invoices': 'Finds products by name, collection or whether a store shows them.',
  'products.create-product': 'Makes a product; its prices are created by a step of their own.',
  'users.get-user': 'Reads one person: name, e-mail address, role and what the person may do.',
  'users.create-user': 'Adds a person to sub-accounts of the agency, with a role and permissions.',
  'blogs.create-blog-post': 'Writes a blog post in the category and by the author you name, as a draft or published.',
  'links.create-link': 'Makes a trigger link: an address that HighLevel notes when a contact opens it.',
}
