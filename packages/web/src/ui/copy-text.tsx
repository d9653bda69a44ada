import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { cx } from './cx.ts'
import { IconButton } from './icon-button.tsx'

/** Copies to the clipboard and says so on the button for a moment. */
export function CopyButton({ text, label = 'Copy', size = 'sm' }: { text: string; label?: string; size?: 'sm' | 'md' }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? 'Copied' : label}
      size={size}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    />
  )
}

/** An id, a URL or a trace that people copy: monospace, cut in the middle of the line, with its button. */
export function CopyText({ text, label, className }: { text: string; label?: string; className?: string }) {
  return (
    <span className={cx('inline-flex max-w-full min-w-0 items-center gap-1', className)}>
      <code className="truncate text-caption" title={text}>
        {text}
      </code>
      <CopyButton text={text} {...(label === undefined ? {} : { label })} />
    </span>
  )
}
