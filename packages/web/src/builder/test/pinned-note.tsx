import type { PinView } from '@couplet/api'
import { Pin, PinOff } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { Time } from '../../ui/time.tsx'
import { useBuilder } from '../model/builder-context.ts'

const FROM: Record<PinView['source'], string> = {
  test: 'from a test',
  run: 'from a run',
  captured: 'as it came in',
  typed: 'typed by hand',
}

/** The result that stands in for the step until it is unpinned. */
export function PinnedNote({ pin }: { pin: PinView }) {
  const { data } = useBuilder()
  return (
    <section aria-label="Pinned result" className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense">
        <Pin aria-hidden className="size-4 text-accent-text" />
        <p className="min-w-0 flex-1 basis-48">
          <span className="font-medium">Pinned</span>{' '}
          <span className="text-soft">
            {FROM[pin.source]}, <Time at={pin.pinnedAt} />. Later steps are mapped and tested with it; runs are not changed by it.
          </span>
        </p>
        <Button size="sm" icon={PinOff} onClick={() => data.unpin(pin.step)}>
          Unpin
        </Button>
      </div>
      <JsonView value={pin.data} openDepth={2} />
    </section>
  )
}
