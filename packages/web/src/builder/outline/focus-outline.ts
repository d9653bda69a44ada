/** Puts the focus on the selected line of the outline, from where the keys of the builder work. */
export const focusOutline = (): void => document.querySelector<HTMLElement>('[data-outline] [aria-current=step]')?.focus()
