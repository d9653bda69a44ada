/** What sample records are called, where a person picks them from a list. Others are named after their collection. */
const NAMES: Readonly<Record<string, readonly [string, string, string]>> = {
  'agent-studio/agent': ['Quote assistant', 'Booking assistant', 'Review assistant'],
  'affiliate-manager/affiliates': ['Rowan Bakery', 'Hill Street Gym', 'Corner Café'],
  'blogs/authors': ['Tom Hartley', 'Priya Shah', 'Lena Brook'],
  'blogs/categories': ['Advice', 'News', 'Stories'],
  'blogs/posts': ['Five signs of a leak', 'Winter is coming', 'Meet the team'],
  'blogs/site': ['Company blog', 'Tips and tricks', 'Press room'],
  'blogs/site/all': ['Company blog', 'Tips and tricks', 'Press room'],
  businesses: ['Rowan Bakery Ltd', 'Hill Street Gym', 'Corner Café'],
  calendars: ['Site visits', 'Phone consultations', 'Emergency call-outs'],
  'calendars/groups': ['Sales', 'Service', 'Support'],
  campaigns: ['New enquiries', 'Win back', 'Service reminder'],
  'chat-widget': ['Website chat', 'Shop chat', 'Support chat'],
  'emails/builder': ['Welcome', 'Monthly letter', 'Service reminder'],
  forms: ['Contact us', 'Book a visit', 'Request a quote'],
  'funnels/funnel/list': ['Main website', 'Summer offer', 'Careers'],
  invoices: ['Boiler service', 'Bathroom refit', 'Leak repair'],
  'invoices/template': ['Standard invoice', 'Deposit', 'Service contract'],
  'invoices/estimate/template': ['Standard estimate', 'Refit', 'Service contract'],
  'knowledge-bases': ['Opening times and prices', 'Guarantees', 'How we work'],
  links: ['Book now', 'Leave a review', 'Summer offer'],
  'locations/customFields': ['Boiler model', 'Date of last service', 'How did you hear of us'],
  'locations/customValues': ['Opening times', 'Emergency number', 'Guarantee text'],
  'locations/templates': ['Appointment reminder', 'Thank you', 'Review request'],
  objects: ['Boiler', 'Vehicle', 'Contract'],
  opportunities: ['Boiler for Rowan Bakery', 'Bathroom for the Greens', 'Service contract Hill Street Gym'],
  'opportunities/pipelines': ['Sales', 'Service contracts', 'Refits'],
  'opportunities/lost-reason': ['Too expensive', 'No answer', 'Went elsewhere'],
  products: ['Annual service', 'Smart thermostat', 'Emergency call-out'],
  'products/collections': ['Services', 'Spare parts', 'Offers'],
  'products/price': ['Standard', 'Weekend', 'Contract customers'],
  'proposals/templates': ['Service contract', 'Quote', 'Completion certificate'],
  snapshots: ['Trades starter', 'Dental starter', 'Retail starter'],
  surveys: ['How did we do', 'New customer survey', 'Annual survey'],
  'voice-ai/agents': ['Front desk', 'After hours', 'Emergency line'],
  workflows: ['Welcome new customers', 'Appointment reminders', 'Review requests'],
}

/** Members a record's name stands in. */
export const NAME_MEMBERS: ReadonlySet<string> = new Set(['name', 'title'])

/** The name of the `index`th sample of a collection. */
export function sampleName(collection: string, index: number): string {
  const known = NAMES[collection]?.[index]
  if (known !== undefined) return known
  const word = (collection.split('/').at(-1) ?? '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase()
    .replace(/s$/, '')
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${index + 1}`
}
