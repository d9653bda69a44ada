import { resolve } from 'node:path'
import { Command } from 'commander'

/** `couplet backup` and `couplet restore`. */
export const backupCommands = (): Command[] => [
  new Command('backup')
    .description('Write everything into one file, while Couplet runs')
    .argument('[file]', 'Default: couplet-<date>.backup in this folder')
    .action(backup),
  new Command('restore')
    .description('Bring a database to what a backup holds; Couplet must be stopped')
    .argument('<file>')
    .option('--replace', 'Delete what the database holds now')
    .action(restore),
]

async function backup(file: string | undefined): Promise<void> {
  const { backUpInstallation, readConfig } = await import('@couplet/server')
  const config = readConfig()
  const name = file ?? `couplet-${new Date().toISOString().slice(0, 16).replaceAll(/[T:]/g, '-')}.backup`
  const done = await backUpInstallation(config, resolve(name))
  console.log(`${done.file}: ${done.rows} rows of ${done.tables} tables, ${(done.bytes / 1e6).toFixed(1)} MB.`)
  if (done.keyIds.length > 0)
    console.log(
      config.key === undefined
        ? `Its secrets open only with the key file ${config.dataDir}/couplet.key (${done.keyIds.join(', ')}): keep a copy of it elsewhere, not beside the backup.`
        : `Its secrets open only with COUPLET_KEY (${done.keyIds.join(', ')}): keep it elsewhere, not beside the backup.`,
    )
}

async function restore(file: string, options: { replace?: boolean }): Promise<void> {
  const { readConfig, restoreInstallation } = await import('@couplet/server')
  const done = await restoreInstallation(readConfig(), { file: resolve(file), mayReplace: options.replace === true })
  console.log(`Restored ${done.rows} rows and ${done.jobs} waiting jobs as of ${done.createdAt} (Couplet ${done.release}).`)
  console.log('Start Couplet: runs that were under way go on where the backup found them.')
}
