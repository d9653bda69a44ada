import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@couplet/server'
import type { TestCouplet } from '../../packages/server/test-couplet.ts'

/** Patterns of addresses, as the router declares them. */
export const declaredRoutes = (): string[] =>
  [...readFileSync(join(ROOT, 'packages/web/src/router.tsx'), 'utf8').matchAll(/\bpath: '([^']+)'/g)].map(([, path = '']) => path)

/** Addresses that only forward, or that need a vendor to send somebody back; journeys go through them. */
export const ONLY_IN_JOURNEYS = ['/oauth/callback', '/connections/agencies/$agencyId']
/** Seen by people who are not signed in. */
export const AT_THE_DOOR = ['/set-up', '/connect', '/new-password', '/invitation']

/**
 * Every screen somebody who is signed in can look at, by the route it belongs to; more than one where a screen has views. The world has its
 * samples; a run is made, so that run pages show something.
 */
export async function allScreens(couplet: TestCouplet, made: { run: string; incident: string }): Promise<Record<string, string[]>> {
  const { flows } = await couplet.client.flows.list()
  const flow = flows.find(({ template }) => template === 'social-tags-to-flipbooks')?.id ?? ''
  const connection = (await couplet.client.connections.list()).connections[0]?.id ?? ''
  return {
    '/': ['/'],
    '/flows': ['/flows', '/flows?new=template', '/flows?new=blank'],
    '/flows/$flowId': ['', '?tab=runs', '?tab=versions', '?tab=deliveries'].map((tab) => `/flows/${flow}${tab}`),
    '/flows/$flowId/edit': [`/flows/${flow}/edit`, `/flows/${flow}/edit?step=set`, `/flows/${flow}/edit?view=map`],
    '/runs': ['/runs', '/runs?view=needs', `/runs?run=${made.run}`],
    '/runs/$runId': [`/runs/${made.run}`],
    '/log': ['/log'],
    '/dashboards': ['/dashboards'],
    '/catalogue': ['/catalogue'],
    '/catalogue/$operation': ['/catalogue/heyzine.flipbook.set-tags'],
    '/catalogue/import': ['/catalogue/import'],
    '/glossary': ['/glossary'],
    '/connections': ['/connections', '/connections?add=choose'],
    '/connections/$connectionId': [`/connections/${connection}`],
    '/tables': ['/tables'],
    '/tasks': ['/tasks'],
    '/sandbox': [
      '/sandbox',
      '/sandbox?vendor=heyzine',
      ...['actions', 'requests', 'faults', 'settings', 'access'].map((tab) => `/sandbox?vendor=payaca&tab=${tab}`),
    ],
    '/settings': ['/settings'],
    '/settings/people': ['/settings/people'],
    '/settings/tokens': ['/settings/tokens'],
    '/settings/audit': ['/settings/audit'],
    '/settings/alerts': ['/settings/alerts'],
    '/settings/retention': ['/settings/retention'],
    '/account': ['/account'],
    '/incidents': ['/incidents', '/incidents?view=alerts'],
    '/incidents/$incidentId': [`/incidents/${made.incident}`],
  }
}
