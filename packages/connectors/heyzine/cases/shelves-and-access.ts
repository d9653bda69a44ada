import { cases } from '@couplet/connector-sdk'
import { accessAdd } from '../operations/access-add.ts'
import { accessRemove } from '../operations/access-remove.ts'
import { accessSetUp } from '../operations/access-set-up.ts'
import { bookshelfAdd } from '../operations/bookshelf-add.ts'
import { bookshelfListFlipbooks } from '../operations/bookshelf-list-flipbooks.ts'
import { bookshelfList } from '../operations/bookshelf-list.ts'
import { bookshelfRemove } from '../operations/bookshelf-remove.ts'
import { bookshelfSetSocial } from '../operations/bookshelf-set-social.ts'
import { UNKNOWN_ID, whole, world } from './state.ts'

export const shelfListCases = cases(bookshelfList, [
  {
    name: 'reads the shelves',
    input: {},
    expect: whole(bookshelfList, ({ bookshelves, count }) => count > 0 && bookshelves.length === count),
  },
  { name: 'is refused below Premium', given: [{ action: 'set-plan', with: { plan: 'professional' } }], input: {}, fails: 'rejected' },
])

export const shelfFlipbooksCases = cases(bookshelfListFlipbooks, [
  {
    name: 'reads the flipbooks of a shelf',
    input: (state) => ({ id: world(state).shelf.id }),
    expect: whole(bookshelfListFlipbooks, ({ flipbooks }) => flipbooks.length > 0),
  },
  { name: 'does not find a shelf of nobody', input: { id: '0'.repeat(40) }, fails: 'not-found' },
])

export const shelfAddCases = cases(bookshelfAdd, [
  {
    name: 'puts a flipbook on the shelf',
    input: (state) => ({ id: world(state).shelf.id, flipbookId: world(state).offShelf.id }),
    expect: { wasThere: false },
  },
  {
    name: 'leaves one that is there',
    input: (state) => ({ id: world(state).shelf.id, flipbookId: world(state).onShelf.id }),
    expect: { wasThere: true },
  },
])

export const shelfRemoveCases = cases(bookshelfRemove, [
  {
    name: 'takes a flipbook off',
    input: (state) => ({ id: world(state).shelf.id, flipbookId: world(state).onShelf.id }),
    expect: { wasThere: true },
  },
  {
    name: 'is content when it is not there',
    input: (state) => ({ id: world(state).shelf.id, flipbookId: world(state).offShelf.id }),
    expect: { wasThere: false },
  },
])

export const shelfSocialCases = cases(bookshelfSetSocial, [
  {
    name: 'sets the card',
    input: (state) => ({ id: world(state).shelf.id, description: 'Card' }),
    expect: whole(bookshelfSetSocial, ({ id }) => id.length === 40),
  },
])

export const accessSetUpCases = cases(accessSetUp, [
  {
    name: 'protects with one password',
    input: (state) => ({ id: world(state).onShelf.id, mode: 'everyone' as const, password: 'spring' }),
    expect: whole(accessSetUp, ({ id }) => id.endsWith('.pdf')),
  },
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID, mode: 'disabled' }, fails: 'not-found' },
])

export const accessAddCases = cases(accessAdd, [
  {
    name: 'lets a reader in',
    input: (state) => ({ id: world(state).onShelf.id, accessType: 'user_pass' as const, user: 'ann', password: 'spring' }),
    expect: whole(accessAdd, ({ id }) => id.endsWith('.pdf')),
  },
  {
    name: 'is refused access by e-mail below Premium',
    given: [{ action: 'set-plan', with: { plan: 'professional' } }],
    input: (state) => ({ id: world(state).onShelf.id, accessType: 'email_link' as const, user: 'ann@example.com' }),
    fails: 'rejected',
  },
])

export const accessRemoveCases = cases(accessRemove, [
  { name: 'does not find a flipbook of nobody', input: { id: UNKNOWN_ID, user: 'ann' }, fails: 'not-found' },
])
