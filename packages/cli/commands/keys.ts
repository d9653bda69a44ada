import { Command } from 'commander'

const BACKUP_NOTE = 'Backups need the key they were made with: keep earlier keys with earlier backups.'

/** The keys that seal saved secrets. Works beside a running Couplet, on the same data folder and settings. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('See and change the keys that seal saved secrets')
  keys.addCommand(new Command('list').description('List the keys and how many secrets each seals').action(list))
  keys.addCommand(new Command('rotate').description('Seal every secret with a new key, while Couplet runs').action(rotate))
  keys.addCommand(new Command('forget').description('Take keys that seal nothing out of the key file').action(forget))
  return keys
}

async function keysOfHere() {
  const { readConfig, withKeys } = await import('@couplet/server')
  const config = readConfig()
  return { config, withKeys }
}

async function list(): Promise<void> {
  const { config, withKeys } = await keysOfHere()
  for (const key of await withKeys(config, (keys) => keys.list()))
    console.log(
      `${key.id}  ${key.keptIn.padEnd(11)}  ${key.secrets} ${key.secrets === 1 ? 'secret' : 'secrets'}${key.isCurrent ? ', seals new ones' : ''}`,
    )
}

async function rotate(): Promise<void> {
  const { config, withKeys } = await keysOfHere()
  const { currentKey, rewrapped } = await withKeys(config, (keys) => keys.rotate())
  console.log(`${rewrapped} ${rewrapped === 1 ? 'secret is' : 'secrets are'} now sealed with the key ${currentKey}.`)
  console.log(
    config.key === undefined
      ? `Earlier keys stay in the key file until you run: couplet keys forget. ${BACKUP_NOTE}`
      : `Keys after the first may now be taken out of COUPLET_KEY. ${BACKUP_NOTE}`,
  )
}

async function forget(): Promise<void> {
  const { config, withKeys } = await keysOfHere()
  const forgotten = await withKeys(config, (keys) => keys.forget())
  console.log(
    forgotten.length === 0 ? 'Every key in the key file is needed.' : `Taken out of the key file: ${forgotten.join(', ')}. ${BACKUP_NOTE}`,
  )
}
