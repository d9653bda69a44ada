import { useEffect, useState } from 'react'

const PATIENCE_MS = 6_000

/** Says so when the screen no longer follows the server: shown only after a while, since reconnecting is normal. */
export function LiveStrip({ state }: { state: 'live' | 'connecting' }) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    if (state === 'live') {
      setLate(false)
      return undefined
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [state])
  if (!isLate) return null
  return (
    <p role="status" className="bg-attention-soft px-6 py-1.5 text-dense text-attention max-md:px-4">
      Not live: the connection to Couplet is lost. What you see may be old; it is refreshed as soon as the server answers.
    </p>
  )
}
