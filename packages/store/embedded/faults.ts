import { type Fault, type FaultFacts, userFault } from '@couplet/core'

/** The faults of the embedded PostgreSQL. Every one says what to do; `DATABASE_URL` is the way out that always exists. */

const OWN_SERVER = 'set DATABASE_URL to a PostgreSQL server of your own'

/** The system's error code (`EACCES`) of a thrown thing, if it has one. */
export const systemCode = (thrown: unknown): string | undefined => {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}

/** A folder or file of ours that could not be written (or read), told by the system's reason. */
export function cannotWrite(path: string, thrown: unknown): Fault {
  const code = systemCode(thrown)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, thrown)
  const why = code === 'EROFS' ? 'it is on a read-only file system' : `this user may not (${code ?? 'no reason given'})`
  return userFault(
    {
      code: 'database.folder_not_writable',
      message: `Couplet cannot read and write ${path}: ${why}.`,
      hint: `Start Couplet as the user who owns the data folder, choose another data folder, or ${OWN_SERVER}.`,
      details: { path, reason: code ?? 'unknown' },
    },
    thrown,
  )
}

const diskFull = (path: string, cause?: unknown): Fault =>
  userFault(
    {
      code: 'database.disk_full',
      message: `The disk that holds ${path} is full.`,
      hint: 'Free some space (at least 200 MB), then start again. Nothing that was saved is lost.',
      details: { path },
    },
    cause,
  )

/** No PostgreSQL program for this machine, or one that does not run here. */
export const unsupportedPlatform = (why: string, cause?: unknown): Fault =>
  userFault(
    {
      code: 'database.platform_unsupported',
      message: `The PostgreSQL that comes with Couplet does not run here: ${why}.`,
      hint: `It needs Linux with glibc, or macOS, on x64 or arm64. Otherwise ${OWN_SERVER}.`,
      details: { platform: process.platform, arch: process.arch },
    },
    cause,
  )

export const otherMajorVersion = (cluster: string, found: string, expected: string): Fault =>
  userFault({
    code: 'database.version_other',
    message: `The data in ${cluster} was written by PostgreSQL ${found}; this Couplet brings PostgreSQL ${expected}, which cannot read it.`,
    hint: `Start the Couplet release that wrote it, make a dump, then start this release with an empty data folder and restore the dump. Or ${OWN_SERVER}.`,
    details: { found, expected },
  })

type Reading = { pattern: RegExp; facts: (cluster: string) => Omit<FaultFacts, 'kind'> }

/** What PostgreSQL says (always in English, `lc_messages` is C) and what it means for a person. First match wins. */
const READINGS: readonly Reading[] = [
  {
    pattern: /error while loading shared libraries|version `GLIBC|Library not loaded|Exec format error/i,
    facts: () => unsupportedPlatform('its programs or libraries cannot be loaded').facts,
  },
  {
    pattern: /could not look up effective user ID/i,
    facts: () => ({
      code: 'database.account_unknown',
      message: `PostgreSQL cannot create a database here: the user Couplet runs as (number ${process.geteuid?.()}) has no entry in the list of users.`,
      hint: `In a container, add a line for this number to /etc/passwd, or run as a user that has one (or as root: the server then takes an account of its own). Or ${OWN_SERVER}.`,
    }),
  },
  {
    pattern: /No space left on device|Disk quota exceeded/i,
    facts: (cluster) => diskFull(cluster).facts,
  },
  {
    pattern: /could not bind|Address already in use|could not create any TCP\/IP sockets/i,
    facts: () => ({
      code: 'database.port_in_use',
      message: 'The port chosen for PostgreSQL is already in use.',
      hint: 'Choose another port, or let Couplet choose one.',
    }),
  },
  {
    pattern: /was initialized by PostgreSQL version|database files are incompatible/i,
    facts: (cluster) => otherMajorVersion(cluster, 'another version', 'another').facts,
  },
  {
    pattern:
      /configuration file .* contains errors|unrecognized configuration parameter|invalid value for parameter|outside the valid range/i,
    facts: () => ({
      code: 'database.settings_wrong',
      message: 'PostgreSQL does not accept one of the settings in postgres.conf.',
      hint: 'The last lines of the database log name it. Correct it in postgres.conf in the data folder, or remove that file.',
    }),
  },
  {
    pattern: /Cannot allocate memory|could not (create|map|resize) .*shared memory|Out of memory/i,
    facts: () => ({
      code: 'database.no_memory',
      message: 'PostgreSQL did not get the memory it needs to start.',
      hint: `Give this machine or container at least 256 MB of free memory, or ${OWN_SERVER}.`,
    }),
  },
  {
    pattern: /pre-existing shared memory block|lock file ".*" already exists/i,
    facts: (cluster) => ({
      code: 'database.still_running',
      message: `An earlier PostgreSQL still holds ${cluster}.`,
      hint: 'Wait a minute for it to end, then start again. If it stays, restart the machine.',
    }),
  },
  {
    pattern: /Permission denied|wrong ownership|Operation not permitted|invalid permissions/i,
    facts: (cluster) => ({
      code: 'database.folder_not_writable',
      message: `PostgreSQL may not read and write ${cluster}.`,
      hint: `Give the folder back to the user it belonged to, choose another data folder, or ${OWN_SERVER}.`,
    }),
  },
  {
    pattern:
      /checkpoint record|pg_control|not a (valid )?(data directory|database cluster)|could not open (file|directory)|PANIC|checksum|could not find the database system|could not load .*pg_hba/i,
    facts: (cluster) => ({
      code: 'database.broken',
      message: `The database in ${cluster} is damaged: files are missing or do not fit together.`,
      hint: 'Do not delete anything. Restore the data folder from your last backup; keep the damaged one aside for repair.',
    }),
  },
]

/** The fault that the output of initdb or postgres tells of. `log` in its details holds the last lines. */
export function faultFromOutput(output: string, cluster: string, what: string): Fault {
  const log = output.trim().split('\n').slice(-12)
  const reading = READINGS.find(({ pattern }) => pattern.test(output))
  const facts = reading?.facts(cluster) ?? {
    code: 'database.start_failed',
    message: `${what} failed: ${log.findLast((line) => /FATAL|error|PANIC/i.test(line)) ?? log.at(-1) ?? 'it said nothing'}`,
    hint: `Read the last lines of the database log. If that does not help, ${OWN_SERVER}.`,
  }
  return userFault({ ...facts, details: { ...facts.details, log, cluster } })
}
