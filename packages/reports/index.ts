export { renderSocialReport } from './render-social-report.ts'
export type { Brand } from './brand.ts'
