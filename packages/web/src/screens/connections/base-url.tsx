import { Field } from '../../ui/field.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** What is sent for an address that was left empty: the vendor's own. */
export const addressOf = (text: string): string | null => (text.trim() === '' ? null : text.trim())

/** Where the vendor is reached, for a white label or the sandbox. */
export function BaseUrl({
  origin,
  value,
  onText,
  error,
}: {
  /** The vendor's own address. */
  origin: string
  value: string
  onText: (text: string) => void
  error?: string | undefined
}) {
  return (
    <Field label="Base URL of the API" hint={`Empty: ${origin}. Fill it in for a white label or the sandbox.`} error={error}>
      <TextInput value={value} onText={onText} isCode placeholder={origin} />
    </Field>
  )
}
