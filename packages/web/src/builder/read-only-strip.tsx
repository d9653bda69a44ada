import { useRefusal } from '../ui/allowed.ts'

/** Said before somebody builds what could not be saved. */
export function ReadOnlyStrip() {
  const refusal = useRefusal('flows.write')
  return refusal === undefined ? null : (
    <p className="bg-attention-soft px-4 py-2 text-dense text-attention">
      <span className="font-medium">Changes here are not saved.</span> {refusal}
    </p>
  )
}
