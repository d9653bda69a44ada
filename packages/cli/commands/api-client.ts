import { type Client, createClient } from '@couplet/api'
import type { Command } from 'commander'

/** Adds the option by which a command finds the Couplet it talks to. */
export const withUrl = (command: Command): Command =>
  command.option('--url <address>', 'address of the running Couplet (default: http://127.0.0.1 and PORT)')

export const clientFor = async (options: { url?: string }): Promise<Client> => createClient({ baseUrl: await addressFor(options) })

/** Only the server's configuration reads the environment; it is loaded when no address is given. */
export async function addressFor(options: { url?: string }): Promise<string> {
  const address = options.url ?? `http://127.0.0.1:${(await import('@couplet/server')).readConfig().port}`
  return address.replace(/\/+$/, '')
}
