/* How certain an average of few values is. Student's t, with the limit made stricter by the number of groups looked at together (Bonferroni):
 * of twenty tags one would else stand out by chance alone. */

/** The value that a standard normal variable stays below with probability `p`. Acklam's approximation; error below 1.2e-9. */
export function normalQuantile(p: number): number {
  const a = [
    -39.696_830_286_653_76, 220.946_098_424_520_5, -275.928_510_446_968_7, 138.357_751_867_269, -30.664_798_066_147_16,
    2.506_628_277_459_239,
  ]
  const b = [-54.476_098_798_224_06, 161.585_836_858_040_9, -155.698_979_859_886_6, 66.801_311_887_719_72, -13.280_681_552_885_72]
  const c = [
    -0.007_784_894_002_430_293, -0.322_396_458_041_136_5, -2.400_758_277_161_838, -2.549_732_539_343_734, 4.374_664_141_464_968,
    2.938_163_982_698_783,
  ]
  const d = [0.007_784_695_709_041_462, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416]
  const poly = (factors: readonly number[], x: number) => factors.reduce((sum, factor) => sum * x + factor, 0)
  const tail = (q: number) => poly(c, q) / (poly(d, q) * q + 1)
  if (p < 0.024_25) return tail(Math.sqrt(-2 * Math.log(p)))
  if (p > 1 - 0.024_25) return -tail(Math.sqrt(-2 * Math.log(1 - p)))
  const q = p - 0.5
  return (poly(a, q * q) * q) / (poly(b, q * q) * q * q + 1)
}

/** The same for Student's t with so many degrees of freedom (Cornish and Fisher's expansion; good to 1 % from 5 degrees on). */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p)
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ]
  return terms.reduce((sum, term, at) => sum + term / degrees ** (at + 1), z)
}

const ERROR = 0.05

/** Half the width of the interval around an average of `count` values, over `groups` groups together. */
export const margin = (deviation: number, count: number, groups: number): number =>
  (studentQuantile(1 - ERROR / 2 / Math.max(1, groups), count - 1) * deviation) / Math.sqrt(count)
