import { type Connector, connector } from '@couplet/connector-sdk'
import { heyzine as declared } from './connector.ts'
import { bookshelves } from './lists/bookshelves.ts'
import { flipbooks } from './lists/flipbooks.ts'
import { accessAdd } from './operations/access-add.ts'
import { accessRemove } from './operations/access-remove.ts'
import { accessSetUp } from './operations/access-set-up.ts'
import { bookshelfAdd } from './operations/bookshelf-add.ts'
import { bookshelfListFlipbooks } from './operations/bookshelf-list-flipbooks.ts'
import { bookshelfList } from './operations/bookshelf-list.ts'
import { bookshelfRemove } from './operations/bookshelf-remove.ts'
import { bookshelfSetSocial } from './operations/bookshelf-set-social.ts'
import { flipbookConvertAndWait } from './operations/flipbook-convert-and-wait.ts'
import { flipbookConvert } from './operations/flipbook-convert.ts'
import { flipbookDelete } from './operations/flipbook-delete.ts'
import { flipbookGet } from './operations/flipbook-get.ts'
import { flipbookList } from './operations/flipbook-list.ts'
import { flipbookRefresh } from './operations/flipbook-refresh.ts'
import { flipbookReplace } from './operations/flipbook-replace.ts'
import { flipbookSetSocial } from './operations/flipbook-set-social.ts'
import { flipbookSetTags } from './operations/flipbook-set-tags.ts'
import { flipbookUpdateDesign } from './operations/flipbook-update-design.ts'
import { oembedGet } from './operations/oembed-get.ts'
import { leadReceived } from './triggers/lead-received.ts'

/** Heyzine, REST only: every endpoint the contract confirms, and the leads webhook. */
export const heyzine: Connector = connector({
  spec: declared.spec,
  actions: [
    flipbookConvert,
    flipbookConvertAndWait,
    flipbookRefresh,
    flipbookList,
    flipbookGet,
    flipbookUpdateDesign,
    flipbookSetTags,
    flipbookSetSocial,
    flipbookReplace,
    flipbookDelete,
    bookshelfList,
    bookshelfListFlipbooks,
    bookshelfAdd,
    bookshelfRemove,
    bookshelfSetSocial,
    accessSetUp,
    accessAdd,
    accessRemove,
    oembedGet,
  ],
  triggers: [leadReceived],
  lists: { flipbooks, bookshelves },
})
