import type { Operation } from './operation.ts'
import { accountOperations } from './routes/accounts.ts'
import { categoryOperations } from './routes/categories.ts'
import { commentOperations } from './routes/comments.ts'
import { connectOperations } from './routes/connect.ts'
import { contactOperations } from './routes/contacts.ts'
import { csvOperations } from './routes/csv.ts'
import { locationOperations } from './routes/locations.ts'
import { mediaOperations } from './routes/medias.ts'
import { oauthOperations } from './routes/oauth.ts'
import { postOperations } from './routes/posts.ts'
import { queueOperations } from './routes/queues.ts'
import { statisticsOperations } from './routes/statistics.ts'
import { tagOperations } from './routes/tags.ts'
import { userOperations } from './routes/users.ts'

/** Every operation that takes a token. Order matters only where a fixed path meets a parameter: the fixed one comes first. */
export const operations: readonly Operation[] = [
  ...queueOperations,
  ...commentOperations,
  ...connectOperations,
  ...statisticsOperations,
  ...tagOperations,
  ...categoryOperations,
  ...accountOperations,
  ...csvOperations,
  ...postOperations,
  ...locationOperations,
  ...contactOperations,
  ...userOperations,
  ...mediaOperations,
  ...oauthOperations,
]
