export { renderSocialReport } from './render-social-report.ts'
export type { Brand, PlatformFigures, SocialReport } from './social-report.ts'
