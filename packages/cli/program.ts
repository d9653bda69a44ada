import { backupCommands } from './commands/backup.ts'
import { Command, CommanderError } from 'commander'
import { catalogueCommand } from './commands/catalogue.ts'
import { connectorCommand } from './commands/connector.ts'
import { doctorCommand } from './commands/doctor.ts'
import { flowCommand } from './commands/flow.ts'
import { keysCommand } from './commands/keys.ts'
import { ownerCommand } from './commands/owner.ts'
import { runCommand } from './commands/run.ts'
import { startCommands } from './commands/start.ts'
import { EXIT, printFault } from './print-fault.ts'

const HELP_END = `
Exit codes: 0 done, 1 it could not be done, 2 the command was written wrongly, 3 a check found problems.
Settings come from the environment too: PORT, HOST, DATABASE_URL, COUPLET_DATA, COUPLET_KEY, COUPLET_PUBLIC_URL,
COUPLET_ALLOWED_HOSTS, COUPLET_TRUSTED_PROXIES, COUPLET_SANDBOX, COUPLET_TOKEN, LOG_LEVEL.`

/** The demo brings half the product with it, so it is loaded only when it is meant. */
async function demo(isMeant: boolean): Promise<Command> {
  if (isMeant) return (await import('./demo/demo.ts')).demoCommand
  return new Command('demo').description('Run the six seed flows against the sandbox and show every call and what it changed')
}

/** Runs one command and sets the exit code. Never throws; a fault is printed as three lines. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('couplet')
    .description('Couplet connects HighLevel to other apps')
    .addHelpText('after', HELP_END)
    .exitOverride()
    .showSuggestionAfterError()
  for (const command of [
    ...startCommands(),
    flowCommand(),
    connectorCommand(),
    runCommand(),
    catalogueCommand(),
    keysCommand(),
    ...backupCommands(),
    ownerCommand(),
    doctorCommand(),
    await demo(argv.includes('demo')),
  ])
    program.addCommand(command)
  overrideExits(program)
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
      return
    }
    printFault(error)
    process.exitCode = EXIT.failed
  }
}

/** Commander ends the process on wrong usage unless every command is told otherwise. */
function overrideExits(command: Command): void {
  for (const inner of command.commands) {
    inner.exitOverride()
    overrideExits(inner)
  }
}
