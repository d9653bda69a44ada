import type { Json } from '@couplet/core'
import { Pin } from 'lucide-react'
import { useState } from 'react'
import { JsonField } from '../../schema/schema-field.tsx'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { asJson } from '../model/sample-data.ts'

/** A result written by hand: for what no vendor gives at will (a refusal, an empty list, a strange name). */
export function TypedResult({ title, start, onPin }: { title: string; start: unknown; onPin: (data: Json) => void }) {
  const [typed, setTyped] = useState<unknown>(start)
  const data = asJson(typed)
  return (
    <Disclosure title={title}>
      <div className="grid gap-2">
        <JsonField label={title} value={start} onChange={setTyped} minHeight={140} />
        <div>
          <Button size="sm" icon={Pin} disabled={data === undefined} onClick={() => data !== undefined && onPin(data)}>
            Pin this data
          </Button>
        </div>
      </div>
    </Disclosure>
  )
}
