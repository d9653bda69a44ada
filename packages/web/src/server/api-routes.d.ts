declare module 'virtual:api-routes' {
  /** Made by the build from the contract. */
  export const routes: import('@couplet/api').Routes
}
