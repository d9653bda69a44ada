import type { Page } from 'playwright-core'

const TABS_MAX = 60

/** What a person may act on in the main part of the page, or in the dialog over it, as far as the keyboard gets there by Tab; inside a group with arrows only the member that holds the place. */
const EXPECTED = `(() => {
  const isShown = (at) => at.checkVisibility({ visibilityProperty: true }) && !at.closest('[inert], [aria-hidden=true]')
  const main = document.querySelector('[role=dialog]') ?? document.querySelector('main') ?? document.body
  main.tabIndex = -1
  main.focus()
  const all = [...main.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button], [role=switch], [role=checkbox], [contenteditable=true]')]
  // Of a group that is walked with arrows one member holds the place.
  const inGroup = (at) => at.tabIndex < 0 && (at.closest('[role=tablist], [role=listbox], [role=combobox], [data-outline], .react-flow') || [...at.parentElement.children].some((other) => other.tabIndex === 0))
  const name = (at) => (at.getAttribute('aria-label') || at.textContent || at.getAttribute('name') || at.outerHTML.slice(0, 60)).trim().replace(/\\s+/g, ' ').slice(0, 60)
  window.__expected = new Map()
  for (const at of all) {
    if (!isShown(at) || at.disabled || at.type === 'hidden' || inGroup(at)) continue
    // The button at the end of a search field only repeats what the arrow keys of the field do.
    if (at.getAttribute('aria-label') === 'Show choices') continue
    window.__expected.set(at, name(at))
  }
  window.__unseen = []
  if (window.__isWatched) return window.__expected.size
  window.__isWatched = true
  document.addEventListener('focusin', (event) => {
    const at = event.composedPath()[0]
    window.__expected.delete(event.target)
    const around = at.closest('.cm-editor') ?? at.closest('label') ?? at
    const ring = (element) => { const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element); return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' }
    if (!ring(at) && !ring(around) && at.tabIndex >= 0) window.__unseen.push(name(at))
  })
  return window.__expected.size
})()`

/**
 * Walks the page by Tab. Answers the controls that were not reached, and those that showed no focus. On pages with more controls than
 * one walks by hand, the first ${TABS_MAX} are looked at.
 */
export async function walkByTab(page: Page): Promise<{ notReached: string[]; notSeen: string[] }> {
  const expected = Number(await page.evaluate(EXPECTED))
  const tabs = Math.min(expected + 12, TABS_MAX)
  for (let step = 0; step < tabs; step++) await page.keyboard.press('Tab')
  const isWhole = tabs < TABS_MAX
  const found: unknown = await page.evaluate(
    `document.activeElement?.blur(), ({ left: [...window.__expected].filter(([at]) => at.isConnected).map(([, name]) => name), unseen: window.__unseen })`,
  )
  const { left, unseen } = found as { left: string[]; unseen: string[] }
  return { notReached: isWhole ? left : [], notSeen: [...new Set(unseen)] }
}
