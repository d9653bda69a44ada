const WIDTH = 100

/** A line without axes. Where nothing is known it is broken; a single known value is a dot. */
export function SparkLine({ values, height = 24, label }: { values: readonly (number | null)[]; height?: number; label: string }) {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return <span className="text-caption text-faint">no figures</span>
  const [min, max] = [Math.min(0, ...known), Math.max(...known)]
  const x = (at: number) => (values.length < 2 ? WIDTH / 2 : (at / (values.length - 1)) * WIDTH)
  const y = (value: number) => height - 2 - (max === min ? 0.5 : (value - min) / (max - min)) * (height - 4)
  const runs: string[] = []
  let run = ''
  for (const [at, value] of values.entries()) {
    if (value === null) {
      if (run !== '') runs.push(run)
      run = ''
    } else run += `${run === '' ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
  }
  if (run !== '') runs.push(run)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      className="block w-full text-accent"
      style={{ height }}
    >
      {runs.map((path) => (
        <path
          key={path}
          d={path.includes('L') ? path : `${path}h0.01`}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.5}
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  )
}
