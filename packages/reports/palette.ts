import { userFault } from '@couplet/core'

/** The colours of one report, derived from the sender's. */
export type Palette = {
  band: string
  onBand: string
  onBandQuiet: string
  /** Bars and rules: the brand's colour, darkened when it would be lost on white. */
  strong: string
  /** The second series beside `strong`. */
  soft: string
  wash: string
}

export const INK = '#1b2733'
export const QUIET = '#5a6875'
export const RULE = '#d8dee4'
export const UP = '#1a6b3c'
export const DOWN = '#a3361f'
const DEFAULT_COLOR = '#1d4e6b'

type Rgb = readonly [number, number, number]

const read = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]
const write = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
const mix = (from: Rgb, to: Rgb, part: number): Rgb => [
  from[0] + (to[0] - from[0]) * part,
  from[1] + (to[1] - from[1]) * part,
  from[2] + (to[2] - from[2]) * part,
]

/** Relative luminance as WCAG defines it, 0 to 1. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = [rgb[0], rgb[1], rgb[2]].map((part) => {
    const share = part / 255
    return share <= 0.039_28 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** Contrast as WCAG defines it, 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [first, second] = [luminance(one), luminance(other)]
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05)
}

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]

/** Colours that keep text readable whatever the brand's colour is. Throws a user fault when it is not `#rrggbb`. */
export function palette(color: string = DEFAULT_COLOR): Palette {
  if (!/^#[0-9a-f]{6}$/i.test(color))
    throw userFault({ code: 'report.color', message: `"${color}" is not a colour.`, hint: 'Write it as #rrggbb.' })
  const brand = read(color)
  const light = luminance(brand)
  // White text needs a contrast of 4.5 : 1, which a background above 0.183 does not give.
  const isDark = light <= 0.183
  const text = isDark ? WHITE : BLACK
  const quiet = mix(text, brand, 0.14)
  // A bar needs 3 : 1 against white.
  const strong = light <= 0.3 ? brand : mix(brand, BLACK, Math.min(0.65, 1 - Math.sqrt(0.28 / light)))
  return {
    band: write(brand),
    onBand: write(text),
    onBandQuiet: write(contrast(brand, quiet) >= 4.5 ? quiet : text),
    strong: write(strong),
    soft: write(mix(strong, WHITE, 0.58)),
    wash: write(mix(strong, WHITE, 0.93)),
  }
}
