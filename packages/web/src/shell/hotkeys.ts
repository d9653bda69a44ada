import { useEffect, useRef } from 'react'

/** True while a person is typing, also inside the code editor's shadow root. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

/** Calls the handler of a key. `mod+k` is Ctrl or Cmd; a two-letter sequence is written `g f`. Plain keys are silent while typing. A handler that answers false leaves the key to the browser. */
export function useHotkeys(keys: Record<string, (event: KeyboardEvent) => void | false>): void {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    let first = ''
    let firstAt = 0
    const onKey = (event: KeyboardEvent) => {
      const isMod = event.ctrlKey || event.metaKey
      const name = `${isMod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${event.shiftKey && event.key.length > 1 ? 'shift+' : ''}${event.shiftKey && isMod && event.key.length === 1 ? 'shift+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`
      if (event.defaultPrevented || (isTyping(event) && !isMod)) return
      const sequence = performance.now() - firstAt < 1_000 ? `${first} ${name}` : ''
      const handler = (sequence !== '' ? current.current[sequence] : undefined) ?? current.current[name]
      first = name
      firstAt = performance.now()
      if (!handler) return
      if (handler(event) !== false) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Moves the focus along the marked items of the page: what j and k do. */
export function walkList(direction: 1 | -1): void {
  const items = [...document.querySelectorAll<HTMLElement>('[data-list-item]')].filter((item) => item.offsetParent !== null)
  const at = items.findIndex((item) => item === document.activeElement)
  const next = items[at === -1 ? (direction === 1 ? 0 : items.length - 1) : at + direction]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}
