import { Popover } from '@base-ui/react/popover'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { GLOSSARY, type TermId } from './glossary.ts'

/** A word with its meaning behind it: quietly underlined, explained on click, hover or Enter. */
export function Term({ id, children }: { id: TermId; children?: ReactNode }) {
  const { term, short } = GLOSSARY[id]
  return (
    <Popover.Root>
      <Popover.Trigger
        openOnHover
        delay={350}
        className="rounded-sm text-left font-[inherit] text-[inherit] underline decoration-line-strong decoration-dotted decoration-1 underline-offset-[3px] hover:decoration-current"
      >
        {children ?? term}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={12} className="z-50">
          <Popover.Popup className="floats max-w-80 rounded-md border border-line bg-float px-3 py-2.5 text-dense text-ink shadow-float">
            <Popover.Title className="font-semibold">{term}</Popover.Title>
            <Popover.Description className="mt-0.5 text-soft">{short}</Popover.Description>
            <Link to="/glossary" hash={id} className="mt-1.5 inline-block text-caption text-accent-text hover:underline">
              More in the glossary
            </Link>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
