import type { Page } from 'playwright-core'

const STEPS_MAX = 150
/** What a screen reader would say of the focus, more or less: its name, else its text. Follows the focus into shadow roots. */
const FOCUSED = `(() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body) return ''
  const byId = (at.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim()
  return (at.getAttribute('aria-label') ?? '') || byId || (at.labels?.[0]?.textContent ?? '') || (at.textContent ?? '').trim()
})()`

/** Presses Tab until the focus is on the control of this name. Throws with the names it came by. */
export async function tabTo(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let step = 0; step < STEPS_MAX; step++) {
    await page.keyboard.press(key)
    const words = String(await page.evaluate(FOCUSED)).slice(0, 60)
    if (name.test(words)) return
    passed.push(words)
  }
  throw new Error(`No control "${name.source}" is reached by ${key}; passed: ${[...new Set(passed)].join(' | ')}`)
}
