import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { Field } from '../ui/field.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { TextInput } from '../ui/text-input.tsx'

/** Letters a new password needs at least, as the server wants it. */
export const PASSWORD_CHARS_MIN = 10

/** A password, which can be shown. `isNew` tells password programs to offer one. */
export function PasswordField({
  label = 'Password',
  value,
  onText,
  error,
  isNew = false,
  autoFocus = false,
}: {
  label?: string
  value: string
  onText: (text: string) => void
  error?: string | undefined
  isNew?: boolean
  autoFocus?: boolean
}) {
  const [isShown, setShown] = useState(false)
  return (
    <Field
      label={label}
      error={error}
      hint={isNew ? `At least ${PASSWORD_CHARS_MIN} characters. A sentence is easier to remember than signs.` : undefined}
    >
      <div className="relative">
        <TextInput
          type={isShown ? 'text' : 'password'}
          value={value}
          onText={onText}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          spellCheck={false}
          autoFocus={autoFocus}
          className="pr-9"
        />
        <span className="absolute inset-y-0 right-0.5 flex items-center">
          <IconButton
            icon={isShown ? EyeOff : Eye}
            label={isShown ? 'Hide the password' : 'Show the password'}
            size="sm"
            onClick={() => setShown(!isShown)}
          />
        </span>
      </div>
    </Field>
  )
}
