declare module 'virtual:api-routes' {
  import type { Routes } from '@couplet/api'

  /** Made by the build from the contract. */
  export const routes: Routes
}
