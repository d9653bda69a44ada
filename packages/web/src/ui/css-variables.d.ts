import 'react'

declare module 'react' {
  /** Custom properties may be set like any other style. */
  interface CSSProperties {
    [name: `--${string}`]: string | undefined
  }
}
