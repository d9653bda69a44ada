import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'

/** The way up from a page of the settings. */
export const BackToSettings = () => (
  <Link to="/settings" className="mb-1 inline-flex items-center gap-1 text-caption text-soft hover:text-ink">
    <ChevronLeft aria-hidden className="size-3.5" />
    Settings
  </Link>
)
