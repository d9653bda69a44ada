export type DataPath = readonly (string | number)[]

/** `['steps', 2, 'input', 'tags']` → `steps[2].input.tags`; names that are no words stand in brackets and quotes. */
export function placeOf(path: DataPath): string {
  let place = ''
  for (const part of path) {
    if (typeof part === 'number') place += `[${part}]`
    else if (/^[A-Za-z_$][\w$-]*$/.test(part)) place += place === '' ? part : `.${part}`
    else place += `[${JSON.stringify(part)}]`
  }
  return place
}
