import { type Client, createClient } from '@couplet/api'
import type { Command } from 'commander'
import { readConfig } from '@couplet/server/config'

/** Adds the option by which a command finds the Couplet it talks to. */
export const withUrl = (command: Command): Command => command.option('--url <address>', 'address of the running Couplet (default: http://127.0.0.1 and PORT)')

export function clientFor(options: { url?: string }): Client {
  return createClient({ baseUrl: addressFor(options) })
}

export const addressFor = (options: { url?: string }): string => (options.url ?? `http://127.0.0.1:${readConfig().port}`).replace(/\/+$/, '')
