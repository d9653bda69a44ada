import { Field } from '@base-ui/react/field'
import type { ComponentProps } from 'react'
import { controlClass } from './field.tsx'
import { cx } from './cx.ts'

type Props = Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'defaultValue'> & {
  value: string
  onText: (text: string) => void
  isCode?: boolean
}

/** One line of text. Inside a `Field` it is labelled by it. */
export function TextInput({ value, onText, isCode, className, ...rest }: Props) {
  return (
    <Field.Control
      {...rest}
      value={value}
      onValueChange={(text) => onText(text)}
      autoComplete={rest.autoComplete ?? 'off'}
      spellCheck={rest.spellCheck ?? !isCode}
      className={cx(controlClass(className), isCode && 'font-mono')}
    />
  )
}

type AreaProps = Omit<ComponentProps<'textarea'>, 'onChange' | 'value'> & {
  value: string
  onText: (text: string) => void
  isCode?: boolean
}

/** Several lines of text; grows with what is written. */
export function TextArea({ value, onText, isCode, className, ...rest }: AreaProps) {
  return (
    <Field.Control
      render={<textarea {...rest} />}
      value={value}
      onValueChange={(text) => onText(text)}
      className={cx(controlClass(className), 'h-auto min-h-16 py-1.5 field-sizing-content max-h-80', isCode && 'font-mono')}
    />
  )
}
