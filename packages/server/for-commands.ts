/** What a command needs that only talks to a running Couplet: without the server itself, which takes a second to load. */
export { childEnvironment, readConfig } from './config.ts'
export { isLoopback } from './http/guards.ts'
export { readLocalToken } from './people/local-token.ts'
