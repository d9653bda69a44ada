/** The sender's look. `color` as `#rrggbb`; `logo` is a PNG or JPEG. */
export type Brand = { name?: string; color?: string; logo?: Uint8Array }
