import { Command } from 'commander'
import { clientFor, withUrl } from './api-client.ts'

/** For the one who runs the machine: back in without a password. */
export function ownerCommand(): Command {
  const owner = new Command('owner').description('Get the owner in: first set-up, or a lost password')
  owner.addCommand(
    withUrl(new Command('link'))
      .description('Print a link that works once: for a new password, or for set-up while there is no owner. Couplet must be running')
      .option('--email <address>', 'whose password (default: the first owner)')
      .action(link),
  )
  return owner
}

async function link(options: { url?: string; email?: string }): Promise<void> {
  const client = await clientFor(options)
  const made = await client.account.ownerLink({ body: options.email === undefined ? {} : { email: options.email } })
  const until = new Date(made.expiresAt).toLocaleString()
  console.log(
    made.purpose === 'set-up'
      ? `Set up Couplet with this link. It works once, until ${until}:`
      : `A new password for ${made.email ?? ''}, with this link. It works once, until ${until}; it ends all sessions and switches two-factor sign-in off:`,
  )
  console.log(`  ${made.url}`)
}
