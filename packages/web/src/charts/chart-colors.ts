/** Colours of the page for a canvas, which knows no variables. Read anew whenever the theme changes. */
export type ChartColors = Record<'ink' | 'soft' | 'line' | 'accent' | 'accentSoft' | 'quiet' | 'float' | 'canvas', string>

const NAMES: ChartColors = {
  ink: '--n-12',
  soft: '--n-11',
  line: '--n-6',
  accent: '--accent',
  accentSoft: '--accent-soft',
  quiet: '--n-9',
  float: '--float',
  canvas: '--n-1',
}

/** What a variable looks like here, as red, green and blue: the chart library reads no newer notation. */
function resolved(name: string, probe: HTMLElement, pen: CanvasRenderingContext2D): string {
  probe.style.color = `var(${name})`
  pen.clearRect(0, 0, 1, 1)
  pen.fillStyle = getComputedStyle(probe).color
  pen.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = pen.getImageData(0, 0, 1, 1).data
  return `rgb(${red}, ${green}, ${blue})`
}

export function chartColors(host: HTMLElement): ChartColors {
  const probe = document.createElement('span')
  // A colour on its way to another would be read as the one it began with.
  probe.style.transitionProperty = 'none'
  host.append(probe)
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const colors = { ...NAMES }
  if (pen) for (const name of Object.keys(NAMES) as (keyof ChartColors)[]) colors[name] = resolved(NAMES[name], probe, pen)
  probe.remove()
  return colors
}

/** Calls back when light becomes dark or the other way round, and for paper, which is always light. Answers how to stop. */
export function onThemeChange(react: () => void): () => void {
  const observer = new MutationObserver(react)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const media = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query))
  for (const one of media) one.addEventListener('change', react)
  return () => {
    observer.disconnect()
    for (const one of media) one.removeEventListener('change', react)
  }
}
