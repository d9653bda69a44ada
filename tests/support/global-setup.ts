import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import { toFault } from '@couplet/core'
import { startTemplateServer, type TemplateServer } from './template-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address that starts this run's PostgreSQL when first asked, and answers where it is. */
    databaseStarter: string
  }
}

/**
 * One PostgreSQL for the whole run, started when the first test asks for a database (`testDatabase`), so that runs of pure tests
 * do not wait for it. `COUPLET_TEST_DATABASE_URL` names a server to use instead.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<TemplateServer> | undefined
  const path = `/${randomUUID()}`
  const server = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end()
      return
    }
    starting ??= startTemplateServer(process.env['COUPLET_TEST_DATABASE_URL'] || undefined)
    starting.then(
      ({ url, template, prefix }) => response.end(JSON.stringify({ url, template, prefix })),
      (thrown: unknown) => {
        const { message, facts } = toFault(thrown)
        response.writeHead(500).end(JSON.stringify({ message, details: facts.details }))
      },
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  project.provide('databaseStarter', `http://127.0.0.1:${port}${path}`)
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => {
      server.close(resolve)
    })
    const started = await starting?.catch(() => undefined)
    await started?.[Symbol.asyncDispose]()
  }
}
