/** How much of a limit is used: a bar with the number beside it, amber above 80 %, red above 95 %. */
export function Gauge({ used, max, label }: { used: number; max: number; label: string }) {
  const share = max <= 0 ? 0 : Math.min(1, used / max)
  const tone = share > 0.95 ? 'bg-failed' : share > 0.8 ? 'bg-attention' : 'bg-icon'
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={used}
      aria-valuemin={0}
      aria-valuemax={max}
      className="h-1.5 w-full overflow-hidden rounded-full bg-well"
    >
      <div className={`h-full ${tone}`} style={{ width: `${share * 100}%` }} />
    </div>
  )
}
