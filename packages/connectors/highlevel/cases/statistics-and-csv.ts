import { cases } from '@couplet/connector-sdk'
import { socialCsvDeletePost } from '../operations/social-csv-delete-post.ts'
import { socialCsvDelete } from '../operations/social-csv-delete.ts'
import { socialCsvFinalize } from '../operations/social-csv-finalize.ts'
import { socialCsvGet } from '../operations/social-csv-get.ts'
import { socialCsvList } from '../operations/social-csv-list.ts'
import { socialCsvSetAccounts } from '../operations/social-csv-set-accounts.ts'
import { socialCsvUpload } from '../operations/social-csv-upload.ts'
import { socialStatisticsRange } from '../operations/social-statistics-range.ts'
import { socialStatisticsWeek } from '../operations/social-statistics-week.ts'
import { outage, refusedScope, UNKNOWN_ID, whole, world } from './state.ts'

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()

export const statisticsWeekCases = cases(socialStatisticsWeek, [
  {
    name: 'reads the figures of all accounts',
    input: {},
    expect: whole(socialStatisticsWeek, ({ platforms, accounts, figures }) => accounts > 0 && platforms.length > 0 && figures.length > 0),
  },
  {
    name: 'reads the figures of one account',
    input: (state) => ({ profileIds: [world(state).account.profileId] }),
    expect: { accounts: 1 },
  },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting/statistics' }],
    input: (state) => ({ profileIds: [world(state).account.profileId] }),
    fails: 'scope-missing',
  },
])

export const statisticsRangeCases = cases(socialStatisticsRange, [
  {
    name: 'reads the figures of chosen days',
    input: { from: daysAgo(15), to: daysAgo(1) },
    expect: whole(
      socialStatisticsRange,
      ({ platforms, previousTo, from }) => platforms.length > 0 && Date.parse(previousTo) < Date.parse(from),
    ),
  },
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/social-media-posting/statistics' }],
    input: { from: daysAgo(15), to: daysAgo(1) },
    fails: 'unavailable',
  },
])

export const csvUploadCases = cases(socialCsvUpload, [
  {
    name: 'uploads a file',
    input: {
      fileName: 'april.csv',
      content: 'postAtSpecificTime (YYYY-MM-DD HH:mm:ss),content,imageUrls\n2031-04-01 09:00:00,Spring offer,\n',
    },
    expect: whole(socialCsvUpload, ({ filePath }) => filePath !== ''),
  },
  {
    name: 'names the missing permission',
    given: [{ ...refusedScope, path: '/social-media-posting' }],
    input: { content: 'a,b\n1,2\n' },
    fails: 'scope-missing',
  },
])

export const csvSetAccountsCases = cases(socialCsvSetAccounts, [
  {
    name: 'sees an outage',
    given: [{ ...outage, path: '/social-media-posting' }],
    input: (state) => ({
      accountIds: [world(state).account.id],
      filePath: 'x',
      fileName: 'x.csv',
      rowsCount: 1,
      userId: world(state).userId,
    }),
    fails: 'unavailable',
  },
])

export const csvListCases = cases(socialCsvList, [
  { name: 'reads the imports', input: {}, expect: whole(socialCsvList, ({ imports, count }) => count >= imports.length) },
  { name: 'sees an outage', given: [{ ...outage, path: '/social-media-posting' }], input: {}, fails: 'unavailable' },
])

export const csvGetCases = cases(socialCsvGet, [
  {
    name: 'reads an import with its posts',
    input: (state) => ({ id: world(state).csvImport().id }),
    expect: whole(socialCsvGet, ({ status }) => status !== ''),
  },
  { name: 'does not find an import of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const csvFinalizeCases = cases(socialCsvFinalize, [
  { name: 'does not find an import of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const csvDeleteCases = cases(socialCsvDelete, [
  {
    name: 'deletes an import',
    input: (state) => ({ id: world(state).csvImport().id }),
    expect: whole(socialCsvDelete, ({ id }) => id !== ''),
  },
  { name: 'does not find an import of nobody', input: { id: UNKNOWN_ID }, fails: 'not-found' },
])

export const csvDeletePostCases = cases(socialCsvDeletePost, [
  {
    name: 'deletes a row',
    input: (state) => ({ importId: world(state).csvImport().id, postId: world(state).csvImport().rows[0]?.['_id'] ?? UNKNOWN_ID }),
    expect: whole(socialCsvDeletePost, ({ postId }) => postId !== ''),
  },
  { name: 'does not find an import of nobody', input: { importId: UNKNOWN_ID, postId: UNKNOWN_ID }, fails: 'not-found' },
])
