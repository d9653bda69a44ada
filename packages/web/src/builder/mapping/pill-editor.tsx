import {
  autocompletion,
  closeCompletion,
  type Completion,
  type CompletionContext,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete'
import { EditorState, RangeSetBuilder, StateEffect } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  placeholder as placeholderOf,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view'
import type { Pill } from '@couplet/flow'
import { useEffect, useRef } from 'react'
import { charOfPill, isPillChar, pillOfChar } from './pill-text.ts'

/** How a pill looks: number of its step, name of the field, and whether it may be empty or is not known at all. */
export type PillLook = { number: string; name: string; words: string; tone: 'plain' | 'empty' | 'unknown' }
export type PillChoice = { label: string; detail: string; pill: Pill }

type Props = {
  doc: string
  label: string
  placeholder?: string | undefined
  isMultiline?: boolean
  isInvalid?: boolean
  look: (pill: Pill) => PillLook
  choices: readonly PillChoice[]
  onDoc: (doc: string) => void
  onFocus: (insert: (text: string) => void) => void
  onOpenPill: (pill: Pill) => void
}

const SHOWN_MAX = 60

/** How well a choice `field · step` fits what was typed after the slash; 0: not at all. */
function rankOf(label: string, asked: string): number {
  const field = label.split(' · ')[0] ?? ''
  if (asked === '' || field.startsWith(asked)) return 3
  return field.includes(asked) ? 2 : label.includes(asked) ? 1 : 0
}

const redraw = StateEffect.define()

class PillWidget extends WidgetType {
  readonly look: PillLook
  readonly open: () => void
  constructor(look: PillLook, open: () => void) {
    super()
    this.look = look
    this.open = open
  }
  override eq(other: PillWidget): boolean {
    return JSON.stringify(other.look) === JSON.stringify(this.look)
  }
  override toDOM(): HTMLElement {
    const pill = document.createElement('span')
    pill.className = `pill ${this.look.tone}`
    pill.setAttribute('role', 'img')
    pill.setAttribute('aria-label', this.look.words)
    pill.title = this.look.words
    if (this.look.number !== '') {
      const number = document.createElement('b')
      number.textContent = this.look.number
      pill.append(number)
    }
    pill.append(this.look.name)
    pill.addEventListener('dblclick', this.open)
    return pill
  }
  override ignoreEvent(event: Event): boolean {
    return event.type === 'dblclick'
  }
}

/**
 * One field of text in which data stands as pills. In a shadow root, where the editor's styles are adopted style sheets: the page's
 * policy forbids style tags.
 */
export function PillEditor(props: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props
  const { doc, label, placeholder, isMultiline = false } = props

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const decorate = (of: EditorView): DecorationSet => {
      const builder = new RangeSetBuilder<Decoration>()
      const text = of.state.doc.toString()
      for (let at = 0; at < text.length; at++) {
        const char = text.charAt(at)
        const pill = isPillChar(char) ? pillOfChar(char) : undefined
        if (pill)
          builder.add(
            at,
            at + 1,
            Decoration.replace({ widget: new PillWidget(latest.current.look(pill), () => latest.current.onOpenPill(pill)) }),
          )
      }
      return builder.finish()
    }
    const pills = ViewPlugin.fromClass(
      class {
        decorations: DecorationSet
        constructor(of: EditorView) {
          this.decorations = decorate(of)
        }
        update(update: ViewUpdate) {
          if (update.docChanged || update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(redraw))))
            this.decorations = decorate(update.view)
        }
      },
      {
        decorations: (plugin) => plugin.decorations,
        provide: (plugin) => EditorView.atomicRanges.of((of) => of.plugin(plugin)?.decorations ?? Decoration.none),
      },
    )
    const complete = (context: CompletionContext) => {
      const typed = context.matchBefore(/\/[^/\n]*/)
      if (!typed) return null
      const asked = typed.text.slice(1).trim().toLowerCase()
      const ranked = latest.current.choices
        .map((choice) => ({ choice, rank: rankOf(choice.label.toLowerCase(), asked) }))
        .filter(({ rank }) => rank > 0)
      return {
        from: typed.from + 1,
        // The ranking is our own: the name of the field counts more than that of the step it comes from.
        filter: false,
        options: ranked
          .toSorted((left, right) => right.rank - left.rank)
          .slice(0, SHOWN_MAX)
          .map(({ choice }): Completion => ({
            label: choice.label,
            detail: choice.detail,
            apply: (into, _completion, _from, to) =>
              into.dispatch({ changes: { from: typed.from, to, insert: charOfPill(choice.pill) }, selection: { anchor: typed.from + 1 } }),
          })),
      }
    }
    const openAtCaret = (of: EditorView): boolean => {
      const { from, to } = of.state.selection.main
      for (const at of [from, to - 1, from - 1]) {
        const char = of.state.doc.sliceString(at, at + 1)
        const pill = char !== '' && isPillChar(char) ? pillOfChar(char) : undefined
        if (pill) {
          latest.current.onOpenPill(pill)
          return true
        }
      }
      return !isMultiline
    }
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc,
        extensions: [
          pills,
          autocompletion({ override: [complete], icons: false, activateOnTyping: true }),
          keymap.of([...completionKeymap, { key: 'Enter', run: openAtCaret }]),
          ...(isMultiline ? [] : [EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction))]),
          EditorView.lineWrapping,
          ...(placeholder === undefined ? [] : [placeholderOf(placeholder)]),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': String(isMultiline) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onDoc(update.state.doc.toString())
            if (update.docChanged && update.transactions.some((transaction) => transaction.isUserEvent('input.type'))) {
              const at = update.state.selection.main.head
              if (update.state.doc.sliceString(at - 1, at) === '/') startCompletion(update.view)
            }
            if (update.focusChanged && update.view.hasFocus) latest.current.onFocus((text) => insert(update.view, text))
            if (update.focusChanged && !update.view.hasFocus) closeCompletion(update.view)
          }),
          theme,
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
    // The editor is made once for a field; what changes around it comes through `latest` and the effects below.
  }, [label, isMultiline, placeholder])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== doc) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: doc } })
  }, [doc])
  useEffect(() => {
    view.current?.dispatch({ effects: redraw.of(null) })
  }, [props.look])

  // A step that was added a moment ago has no data to choose from yet. Who has typed the slash meanwhile is asked when there is.
  const hasChoices = props.choices.length > 0
  useEffect(() => {
    const editor = view.current
    if (!hasChoices || !editor?.hasFocus) return
    const caret = editor.state.selection.main.head
    if (/\/[^/\n]*$/.test(editor.state.sliceDoc(0, caret))) startCompletion(editor)
  }, [hasChoices])

  return (
    <div
      ref={host}
      data-invalid={props.isInvalid || undefined}
      className="min-w-0 rounded-md data-[invalid]:shadow-[0_0_0_1px_var(--failed)]"
    />
  )
}

function insert(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(text))
  view.focus()
}

const theme = EditorView.theme({
  '&': {
    fontSize: '13px',
    border: '1px solid var(--n-8)',
    borderRadius: '6px',
    background: 'var(--n-1)',
    color: 'var(--n-12)',
    fontFamily: '"Inter Variable", system-ui, sans-serif',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '0' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: '20px', maxHeight: '220px', overflow: 'auto' },
  '.cm-content': { padding: '5px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--n-10)' },
  '.pill': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    maxWidth: '100%',
    margin: '0 1px',
    padding: '0 6px',
    border: '1px solid var(--accent-line)',
    borderRadius: '4px',
    background: 'var(--accent-soft)',
    color: 'var(--accent-text)',
    fontSize: '12px',
    lineHeight: '18px',
    whiteSpace: 'nowrap',
    cursor: 'default',
    verticalAlign: 'baseline',
  },
  '.pill b': { fontWeight: '600', fontVariantNumeric: 'tabular-nums' },
  '.pill.empty': { borderColor: 'var(--attention)', background: 'var(--attention-soft)', color: 'var(--attention)' },
  '.pill.unknown': { borderColor: 'var(--failed)', background: 'var(--failed-soft)', color: 'var(--failed)' },
  '.cm-tooltip': {
    background: 'var(--float)',
    color: 'var(--n-12)',
    border: '1px solid var(--n-6)',
    borderRadius: '6px',
    boxShadow: 'var(--shadow-float)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: '"Inter Variable", system-ui, sans-serif',
    fontSize: '13px',
    maxHeight: '260px',
    maxWidth: '420px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px', display: 'flex', justifyContent: 'space-between', gap: '12px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--n-3)', color: 'var(--n-12)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionLabel': { overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionDetail': {
    flexShrink: '0',
    color: 'var(--n-11)',
    fontStyle: 'normal',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    maxWidth: '180px',
  },
})
