import { useState } from 'react'
import type { FieldView } from '../../schema/read-schema.ts'

/**
 * Fields that stand in front, and the rest, which is behind "More". What is filled in when the fields come up stays in front; what is filled in
 * afterwards stays where it is: a field that moved under the hands of the person would lose the focus.
 */
export function useShownFirst(
  fields: readonly FieldView[],
  values: Readonly<Record<string, unknown>>,
  isAlwaysShown: (field: FieldView) => boolean,
): { shown: FieldView[]; others: FieldView[] } {
  const [filled] = useState(() => new Set(Object.keys(values)))
  const isShown = (field: FieldView) => isAlwaysShown(field) || filled.has(field.name)
  return { shown: fields.filter(isShown), others: fields.filter((field) => !isShown(field)) }
}
