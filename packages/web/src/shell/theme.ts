export type Theme = 'system' | 'light' | 'dark'

const NAME = 'couplet.theme'

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(NAME)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(NAME)
    delete document.documentElement.dataset['theme']
  } else {
    localStorage.setItem(NAME, theme)
    document.documentElement.dataset['theme'] = theme
  }
}

/** The other of light and dark, as it is seen now. */
export function flipTheme(): void {
  const isDark =
    getComputedStyle(document.documentElement).colorScheme === 'dark' ||
    (chosenTheme() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  chooseTheme(isDark ? 'light' : 'dark')
}
