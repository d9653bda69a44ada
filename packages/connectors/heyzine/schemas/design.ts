import { z } from 'zod'
import { FlipbookId } from './flipbook.ts'
import { TagList, tagsToText } from './tags.ts'

const PAGE_EFFECTS = ['magazine', 'book', 'album', 'notebook', 'fade', 'cards', 'coverflow', 'flip'] as const

/** Longest private note Heyzine takes (CONFIRMED): over it, conversion drops all text silently and a design change answers 500. */
const PRIVATE_NOTE_MAX = 200

const advancedSwitch = (title: string) => z.boolean().optional().meta({ title, advanced: true })

/** Text and design of a flipbook: the same fields when converting and when changing. Only what is given is sent. */
export const designFields = {
  title: z.string().optional().meta({ title: 'Title' }),
  subtitle: z.string().optional().meta({ title: 'Subtitle' }),
  description: z.string().optional().meta({ title: 'Description', multiline: true }),
  privateNote: z
    .string()
    .max(PRIVATE_NOTE_MAX, `Heyzine takes ${PRIVATE_NOTE_MAX} characters at most`)
    .optional()
    .meta({ title: 'Private note', description: `Seen in Heyzine only. ${PRIVATE_NOTE_MAX} characters at most.` }),
  tags: TagList.optional(),
  template: FlipbookId.optional().meta({
    title: 'Copy the design of',
    description: 'Design and controls are copied; access lists and interactions are not.',
    list: 'flipbooks',
    given: [],
  }),
  download: advancedSwitch('Download button'),
  fullScreen: advancedSwitch('Full-screen button'),
  share: advancedSwitch('Share button'),
  prevNext: advancedSwitch('Page arrows'),
  showInfo: advancedSwitch('Show title and text beside the pages'),
  backgroundColor: z
    .string()
    .regex(/^[0-9a-f]{6}$/i, 'Six hex digits without #')
    .optional()
    .meta({ title: 'Background colour', advanced: true, placeholder: 'f4f1ea' }),
  logo: z.url().optional().meta({ title: 'Address of a logo', description: 'Standard plan or above.', advanced: true }),
  pageEffect: z.enum(PAGE_EFFECTS).optional().meta({ title: 'Page effect', advanced: true }),
  rtl: advancedSwitch('Read from right to left'),
  urlPath: z.string().optional().meta({
    title: 'Own path',
    description: 'Last part of the public address. Professional plan or above.',
    advanced: true,
    placeholder: 'leeds-report',
  }),
  urlDomain: z.string().optional().meta({ title: 'Own domain', description: 'Premium plan.', advanced: true }),
}
const Design = z.object(designFields)
type Design = Partial<z.output<typeof Design>>

/** Heyzine ignores empty text (CONFIRMED): a field is blanked with one space. */
const blankable = (text: string | undefined): string | undefined => (text === '' ? ' ' : text)

/** The fields by Heyzine's names; absent ones stay absent, so only what was given changes. */
export const designBody = (design: Design) => ({
  title: blankable(design.title),
  subtitle: blankable(design.subtitle),
  description: blankable(design.description),
  private_note: blankable(design.privateNote),
  tags: design.tags && tagsToText(design.tags),
  template: design.template,
  download: design.download,
  full_screen: design.fullScreen,
  share: design.share,
  prev_next: design.prevNext,
  show_info: design.showInfo,
  background_color: design.backgroundColor,
  logo: design.logo,
  page_effect: design.pageEffect,
  rtl: design.rtl,
  url_path: design.urlPath,
  url_domain: design.urlDomain,
})
