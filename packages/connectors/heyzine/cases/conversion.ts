import { cases } from '@couplet/connector-sdk'
import { flipbookConvertAndWait } from '../operations/flipbook-convert-and-wait.ts'
import { flipbookConvert } from '../operations/flipbook-convert.ts'
import { flipbookRefresh } from '../operations/flipbook-refresh.ts'
import { flipbookReplace } from '../operations/flipbook-replace.ts'
import { DEAD_ADDRESS, whole, world } from './state.ts'

const sameFlipbook = (id: string) => /^[0-9a-f]{40}\.pdf$/.test(id)

export const convertCases = cases(flipbookConvert, [
  {
    name: 'makes a flipbook of a public PDF',
    input: (state) => ({ pdf: world(state).documentUrl, title: 'Case', tags: ['ghl', 'case, one'] }),
    expect: whole(flipbookConvert, ({ id, pages }) => sameFlipbook(id) && (pages ?? 0) > 0),
  },
  { name: 'fails when the address cannot be fetched', input: { pdf: DEAD_ADDRESS }, fails: 'rejected' },
  {
    name: 'waits when Heyzine says slow down',
    given: [{ fault: 'status', path: '/api1/async', times: 1, status: 429 }],
    input: (state) => ({ pdf: world(state).documentUrl }),
    expect: whole(flipbookConvert, ({ id }) => sameFlipbook(id)),
  },
])

export const convertAndWaitCases = cases(flipbookConvertAndWait, [
  {
    name: 'answers the finished flipbook',
    input: (state) => ({ pdf: world(state).documentUrl }),
    expect: whole(flipbookConvertAndWait, ({ id, pages }) => sameFlipbook(id) && (pages ?? 0) > 0),
  },
  {
    name: 'fails when the address cannot be fetched',
    given: [{ setting: 'convertFailureBody', value: true }],
    input: { pdf: DEAD_ADDRESS },
    fails: 'rejected',
  },
])

export const refreshCases = cases(flipbookRefresh, [
  {
    name: 'fetches the document again',
    input: (state) => ({ pdf: world(state).documentUrl }),
    expect: whole(flipbookRefresh, ({ id }) => sameFlipbook(id)),
  },
])

export const replaceCases = cases(flipbookReplace, [
  {
    name: 'is refused until support enables it',
    input: (state) => ({ id: world(state).offShelf.id, pdf: world(state).documentUrl }),
    fails: 'rejected',
  },
  {
    name: 'keeps the id',
    given: [
      { action: 'enable-replace', with: {} },
      { setting: 'emptyUserAgent', value: false },
    ],
    input: (state) => ({ id: world(state).offShelf.id, pdf: world(state).documentUrl }),
    expect: whole(flipbookReplace, ({ id, storedPdf }) => sameFlipbook(id) && storedPdf !== undefined),
  },
  {
    name: 'refuses a source it cannot fetch',
    given: [{ action: 'enable-replace', with: {} }],
    input: (state) => ({ id: world(state).offShelf.id, pdf: DEAD_ADDRESS }),
    fails: 'rejected',
  },
])
