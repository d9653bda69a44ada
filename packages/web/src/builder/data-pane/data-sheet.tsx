import { Braces } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { DataPane } from './data-pane.tsx'

/** The data in the flow of the page, where there is no room for a third pane. */
export function DataSheet() {
  const [isOpen, setOpen] = useState(false)
  return (
    <div>
      <Button size="sm" icon={Braces} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide the data' : 'Show the data of earlier steps'}
      </Button>
      {isOpen && (
        <div className="mt-2 h-80 overflow-hidden rounded-md border border-line">
          <DataPane />
        </div>
      )}
    </div>
  )
}
