import { autocompletion, closeBrackets, completionKeymap, type CompletionContext } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { CodeAreaProps, Suggestion } from './code-area.tsx'

/**
 * The editor lives in a shadow root: there its styles are adopted style sheets, which the page's policy allows, while style tags in
 * the document are not.
 */
export function CodeEditor({ value, onText, label, language = 'json', suggestions, isSingleLine = false, minHeight }: CodeAreaProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useRef(onText)
  const offered = useRef<readonly Suggestion[]>(suggestions ?? [])
  changed.current = onText
  offered.current = suggestions ?? []

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const naming = new Compartment()
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        extensions: [
          language === 'json' ? json() : [],
          closeBrackets(),
          autocompletion({ override: [(context) => complete(context, offered.current)], icons: false }),
          keymap.of([...completionKeymap]),
          isSingleLine
            ? EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction))
            : EditorView.lineWrapping,
          EditorView.lineWrapping,
          EditorView.updateListener.of((update) => update.docChanged && changed.current(update.state.doc.toString())),
          naming.of(EditorView.contentAttributes.of({ 'aria-label': label })),
          theme(minHeight),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
    // The editor is made once for a field; text from outside is put in by the effect below.
  }, [language, label, isSingleLine, minHeight])

  useEffect(() => {
    const editor = view.current
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  return <div ref={host} className="min-w-0" />
}

function complete(context: CompletionContext, suggestions: readonly Suggestion[]) {
  const word = context.matchBefore(/[\w.]*/)
  if (!word || (word.from === word.to && !context.explicit)) return null
  return { from: word.from, options: suggestions.map((suggestion) => ({ ...suggestion })), validFor: /^[\w.]*$/ }
}

const theme = (minHeight: number | undefined) =>
  EditorView.theme({
    '&': { fontSize: '13px', border: '1px solid var(--n-8)', borderRadius: '6px', background: 'var(--n-1)', color: 'var(--n-12)' },
    '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '0' },
    '.cm-scroller': {
      fontFamily: 'var(--font-mono), "JetBrains Mono Variable", monospace',
      lineHeight: '20px',
      maxHeight: '320px',
      overflow: 'auto',
    },
    '.cm-content': { padding: '5px 0', caretColor: 'var(--accent)', minHeight: `${minHeight ?? 20}px` },
    '.cm-line': { padding: '0 10px' },
    '.cm-cursor': { borderLeftColor: 'var(--accent)' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-soft)' },
    '.cm-tooltip': {
      background: 'var(--float)',
      color: 'var(--n-12)',
      border: '1px solid var(--n-6)',
      borderRadius: '6px',
      boxShadow: 'var(--shadow-float)',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxHeight: '240px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--n-3)', color: 'var(--n-12)' },
    '.cm-completionDetail': { color: 'var(--n-11)', fontStyle: 'normal', marginLeft: '8px' },
    '.cm-completionInfo': { padding: '8px', maxWidth: '280px', fontFamily: '"Inter Variable", sans-serif' },
  })
