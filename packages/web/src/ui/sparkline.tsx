/** Last days as small bars: height is the number of runs, the red part at the foot those that failed. */
export function Sparkline({ points, label }: { points: readonly { total: number; failed: number }[]; label: string }) {
  const max = Math.max(1, ...points.map((point) => point.total))
  const width = 5
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${points.length * width} 20`}
      className="h-5"
      preserveAspectRatio="none"
      style={{ width: points.length * width }}
    >
      {points.map((point, index) => {
        const height = point.total === 0 ? 1 : Math.max(2, (point.total / max) * 20)
        const failed = point.total === 0 ? 0 : (point.failed / point.total) * height
        return (
          <g key={index}>
            <rect
              x={index * width}
              y={20 - height}
              width={width - 1.5}
              height={height}
              fill={point.total === 0 ? 'var(--n-6)' : 'var(--n-9)'}
            />
            {failed > 0 && (
              <rect x={index * width} y={20 - Math.max(2, failed)} width={width - 1.5} height={Math.max(2, failed)} fill="var(--failed)" />
            )}
          </g>
        )
      })}
    </svg>
  )
}

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
