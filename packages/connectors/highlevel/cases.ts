import type { CaseList } from '@couplet/connector-sdk'
import * as comments from './cases/comments.ts'
import * as connecting from './cases/connecting.ts'
import * as contacts from './cases/contacts.ts'
import * as neighbours from './cases/neighbours.ts'
import * as posts from './cases/posts.ts'
import * as queueItems from './cases/queue-items.ts'
import * as queues from './cases/queues.ts'
import * as statisticsAndCsv from './cases/statistics-and-csv.ts'
import * as tagsAndAccounts from './cases/tags-and-accounts.ts'

/** Contract cases of every HighLevel action; they act in the sub-account of the first token. Those files hold nothing else. */
export const highlevelCases: readonly CaseList[] = [
  contacts,
  neighbours,
  posts,
  statisticsAndCsv,
  tagsAndAccounts,
  comments,
  connecting,
  queueItems,
  queues,
].flatMap((file) => Object.values<CaseList>(file))
