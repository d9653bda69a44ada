/** Where the focus goes when something opens over the page: its first field, else the thing itself, never its close button. */
export const firstField = (popup: HTMLElement | null): HTMLElement | null =>
  popup?.querySelector<HTMLElement>('input:not([type=file]), textarea') ?? popup
