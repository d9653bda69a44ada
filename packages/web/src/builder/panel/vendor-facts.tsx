import { MarkBadge } from '../../ui/mark-badge.tsx'

/** What a declaration says about the vendor, each with how sure it is. */
export const VendorFacts = ({ facts }: { facts: readonly { mark: 'CONFIRMED' | 'REPORTED' | 'ASSUMED'; text: string }[] }) => (
  <ul className="grid gap-2 text-dense">
    {facts.map((fact) => (
      <li key={fact.text} className="flex items-start gap-2">
        <MarkBadge mark={fact.mark} />
        <span className="max-w-[64ch] text-soft">{fact.text}</span>
      </li>
    ))}
  </ul>
)
