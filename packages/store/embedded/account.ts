import { chmodSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whom a program runs as; both numbers are the system's. */
export type Account = { uid: number; gid: number }

/**
 * Numbers that systemd's table of reserved ranges leaves free: no distribution hands them out.
 * The server gets one of them for itself because `nobody` is shared: any other program of `nobody` could read the data.
 */
const OWN_UID_FIRST = 60_944
const OWN_UID_LAST = 60_999

type Accounts = {
  /** Whom the server runs as and who owns the data. */
  server: Account
  /** Whom initdb runs as: it insists on an entry in the list of users; the result is handed to `server`. */
  creator: Account
}

/**
 * The accounts to use when Couplet itself is root (PostgreSQL refuses root): the user `couplet` where the operator made one,
 * else a number of its own, with `nobody` for the moment of creation. `undefined` for an ordinary user: nothing to change.
 */
export function unprivilegedAccounts(): Accounts | undefined {
  if (process.geteuid?.() !== 0) return undefined
  const users = listUsers()
  const couplet = users.get('couplet')
  if (couplet) return { server: couplet, creator: couplet }
  const taken = new Set([...users.values()].map(({ uid }) => uid))
  let own = OWN_UID_FIRST
  while (taken.has(own) && own < OWN_UID_LAST) own += 1
  return {
    server: { uid: own, gid: own },
    creator: users.get('nobody') ?? { uid: 65_534, gid: 65_534 },
  }
}

function listUsers(): Map<string, Account> {
  const users = new Map<string, Account>()
  let list = ''
  try {
    list = readFileSync('/etc/passwd', 'utf8')
  } catch {
    return users
  }
  for (const line of list.split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name && uid && gid && Number(uid) !== 0) users.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  return users
}

/** The first folder on the way to (and including) `path` that this account may not enter; `undefined` when it gets through. */
export function firstClosedFolder(path: string, account: Account): string | undefined {
  const parent = dirname(path)
  const above = parent === path ? undefined : firstClosedFolder(parent, account)
  if (above !== undefined) return above
  return allows(path, account, 1) ? undefined : path
}

/** Whether the file mode gives the account these rights (4 read, 2 write, 1 enter or execute). */
export function allows(path: string, account: Account, rights: number): boolean {
  const { uid, gid, mode } = statSync(path)
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0
  return ((mode >> shift) & rights) === rights
}

/** Hands a folder and everything in it to an account (root only). */
export function giveTree(path: string, account: Account): void {
  lchownSync(path, account.uid, account.gid)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) giveTree(child, account)
    else lchownSync(child, account.uid, account.gid)
  }
}

/** Lets everyone read a folder and what is in it, and run what is in its `bin`. For copies of programs, never for data. */
export function openTree(path: string, isBin = false): void {
  chmodSync(path, 0o755)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) openTree(child, entry.name === 'bin')
    else if (entry.isFile()) chmodSync(child, isBin ? 0o755 : 0o644)
  }
}
