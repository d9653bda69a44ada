import { type Client, createClient } from '@couplet/api'
import type { Command } from 'commander'

/** Adds the option by which a command finds the Couplet it talks to. */
export const withUrl = (command: Command): Command =>
  command.option('--url <address>', 'address of the running Couplet (default: http://127.0.0.1 and PORT)')

/** A client for the running Couplet. It shows COUPLET_TOKEN, or else, on the machine Couplet runs on, the token in its data folder. */
export async function clientFor(options: { url?: string }): Promise<Client> {
  const baseUrl = await addressFor(options)
  const token = await tokenFor(baseUrl)
  return createClient({ baseUrl, ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }) })
}

/** The machine's own token is shown to this machine only. */
async function tokenFor(baseUrl: string): Promise<string | undefined> {
  const { isLoopback, readConfig, readLocalToken } = await import('@couplet/server/for-commands')
  const { apiToken, dataDir } = readConfig()
  if (apiToken !== undefined || !URL.canParse(baseUrl)) return apiToken
  const { hostname, port } = new URL(baseUrl)
  return isLoopback(hostname) ? readLocalToken(dataDir, Number(port)) : undefined
}

/** Only the server's configuration reads the environment; it is loaded when no address is given. */
export async function addressFor(options: { url?: string }): Promise<string> {
  const address = options.url ?? `http://127.0.0.1:${(await import('@couplet/server/for-commands')).readConfig().port}`
  return address.replace(/\/+$/, '')
}
