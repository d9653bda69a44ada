/** A module of the vendor in our words: its heading, what one and many of its records are called, and parts of its paths that say nothing more. */
export type Module = { group: string; one: string; many: string; skip: readonly string[] }

const module = (group: string, one: string, skip: string, many = `${one}s`): Module => ({ group, one, many, skip: skip.split(' ') })

/** Every module of the catalogue, by the vendor's name. */
const MODULES: Readonly<Record<string, Module>> = {
  'ad-manager': module('Ad manager', 'ad', 'ad-publishing'),
  'affiliate-manager': module('Affiliates', 'affiliate', 'affiliate-manager'),
  'agent-studio': module('Agent Studio', 'studio agent', 'agent-studio public-api'),
  associations: module('Associations', 'association', 'associations'),
  blogs: module('Blogs', 'blog', 'blogs'),
  'brand-boards': module('Brand boards', 'brand board', 'brand-boards'),
  businesses: module('Businesses', 'business', 'businesses', 'businesses'),
  calendars: module('Calendars', 'calendar', 'calendars'),
  campaigns: module('Campaigns', 'campaign', 'campaigns'),
  'chat-widget': module('Chat widgets', 'chat widget', 'chat-widget data'),
  companies: module('Agencies', 'agency', 'companies', 'agencies'),
  contacts: module('Contacts', 'contact', 'contacts'),
  'conversation-ai': module('Conversation AI', 'conversation agent', 'conversation-ai'),
  conversations: module('Conversations', 'conversation', 'conversations'),
  courses: module('Courses', 'course', 'courses'),
  'custom-fields': module('Custom fields of objects', 'object field', 'custom-fields'),
  'custom-menus': module('Custom menus', 'custom menu', 'custom-menus'),
  'email-isv': module('E-mail verification', 'e-mail address', 'email', 'e-mail addresses'),
  emails: module('E-mails', 'e-mail', 'emails'),
  forms: module('Forms', 'form', 'forms'),
  funnels: module('Funnels', 'funnel', 'funnels lookup'),
  invoices: module('Invoices', 'invoice', 'invoices'),
  'knowledge-base': module('Knowledge bases', 'knowledge base', 'knowledge-bases'),
  links: module('Trigger links', 'trigger link', 'links'),
  locations: module('Sub-accounts', 'sub-account', 'locations'),
  marketplace: module('Marketplace', 'marketplace app', 'marketplace billing'),
  medias: module('Media library', 'media file', 'medias'),
  oauth: module('Sign-in', 'token', 'oauth'),
  objects: module('Custom objects', 'custom object', 'objects'),
  opportunities: module('Opportunities', 'opportunity', 'opportunities', 'opportunities'),
  payments: module('Payments', 'payment', 'payments'),
  'phone-system': module('Phone numbers', 'phone number', 'phone-system'),
  products: module('Products', 'product', 'products'),
  proposals: module('Documents and contracts', 'document', 'proposals'),
  'saas-api': module('SaaS', 'SaaS sub-account', 'saas-api public-api saas'),
  snapshots: module('Snapshots', 'snapshot', 'snapshots'),
  'social-media-posting': module('Social Planner', 'post', 'social-media-posting'),
  store: module('Online store', 'store', 'store'),
  surveys: module('Surveys', 'survey', 'surveys'),
  users: module('People', 'user', 'users'),
  'voice-ai': module('Voice AI', 'voice agent', 'voice-ai dashboard'),
  workflows: module('Workflows', 'workflow', 'workflows'),
}

/** The module, or one made from its name: a module the vendor adds is usable before anyone gave it words. */
export const moduleOf = (name: string): Module =>
  MODULES[name] ?? module(capital(name.replaceAll('-', ' ')), name.replaceAll('-', ' '), name)

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
