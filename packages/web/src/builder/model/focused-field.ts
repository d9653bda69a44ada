import type { Pill, ValueType } from '@couplet/flow'
import { useSyncExternalStore } from 'react'

/** The field that data is inserted into: the one that had the caret last. */
export type FocusedField = {
  key: string
  label: string
  type: ValueType
  insertPill: (pill: Pill) => void
  insertText: (text: string) => void
}

let current: FocusedField | undefined
const listeners = new Set<() => void>()

const set = (next: FocusedField | undefined): void => {
  current = next
  for (const listener of listeners) listener()
}

export const focusField = (field: FocusedField): void => set(field)
/** Called when a field leaves the screen. */
export const forgetField = (key: string): void => {
  if (current?.key === key) set(undefined)
}

export const useFocusedField = (): FocusedField | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
