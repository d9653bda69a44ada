import type { Step } from '@couplet/flow'
import { SquareTerminal } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { filledStep, isHttpStep } from './filled-step.ts'
import { PasteCurl } from './paste-curl.tsx'

/** In the panel of an HTTP step: a pasted command writes its address, verb, headers and content. Nothing for other steps. */
export function FillFromCurl({ step, onFill }: { step: Step; onFill: (step: Step) => void }) {
  const [isOpen, setOpen] = useState(false)
  if (!isHttpStep(step)) return null
  return (
    <div>
      <Button size="sm" icon={SquareTerminal} onClick={() => setOpen(true)}>
        Fill from a cURL command
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Fill this step from cURL" size="md">
        {isOpen && (
          <PasteCurl
            take="Fill this step"
            back="Cancel"
            onBack={() => setOpen(false)}
            onStep={(read) => {
              onFill(filledStep(step, read))
              setOpen(false)
            }}
          />
        )}
      </Dialog>
    </div>
  )
}
