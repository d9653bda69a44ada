import { Client, DatabaseError } from 'pg'
import { userFault } from '@couplet/core'
import { ADMIN_ROLE } from './cluster.ts'
import type { PlaceRecord } from './place.ts'

/** The role and the database of Couplet. The role is no superuser: text that slips into SQL must not reach the machine's files. */
const ROLE = 'couplet'
const DATABASE = 'couplet'

type Passwords = Pick<PlaceRecord, 'adminPassword' | 'password'>

/** `postgresql://…` for Couplet's own role. */
export const databaseUrl = (port: number, password: string): string => `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`

/**
 * Connects as Couplet's role and answers the fingerprint of the server's settings. Creates role and database when they are not
 * there yet (first start, or a first start that was interrupted).
 */
export async function ensureRoles(port: number, passwords: Passwords): Promise<string> {
  try {
    return await fingerprintOf(port, passwords.password)
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
  }
  const admin = new Client({
    host: '127.0.0.1',
    port,
    user: ADMIN_ROLE,
    password: passwords.adminPassword,
    database: 'postgres',
    connectionTimeoutMillis: 10_000,
  })
  try {
    await admin.connect()
    const { rows } = await admin.query<{ role: boolean; database: boolean }>(
      'select exists (select from pg_roles where rolname = $1) as role, exists (select from pg_database where datname = $2) as database',
      [ROLE, DATABASE],
    )
    const password = admin.escapeLiteral(passwords.password)
    await admin.query(`${rows[0]?.role ? 'alter' : 'create'} role ${ROLE} login createdb password ${password}`)
    await admin.query(`grant pg_monitor to ${ROLE}`)
    if (!rows[0]?.database) await admin.query(`create database ${DATABASE} owner ${ROLE}`)
  } catch (thrown) {
    if (thrown instanceof DatabaseError && thrown.code === '28P01')
      throw userFault(
        {
          code: 'database.password_wrong',
          message: 'The database does not accept the passwords in database.json: the file belongs to another database.',
          hint: 'Restore database.json and the database from the same backup.',
        },
        thrown,
      )
    throw thrown
  } finally {
    await admin.end()
  }
  return await fingerprintOf(port, passwords.password)
}

async function fingerprintOf(port: number, password: string): Promise<string> {
  const client = new Client({
    connectionString: databaseUrl(port, password),
    connectionTimeoutMillis: 10_000,
  })
  try {
    await client.connect()
    const { rows } = await client.query<{ fingerprint: string | null }>(
      `select current_setting('couplet.fingerprint', true) as fingerprint`,
    )
    return rows[0]?.fingerprint ?? ''
  } finally {
    await client.end()
  }
}

/** Role unknown or its password another (PostgreSQL does not say which), or the database unknown. */
const isMissing = (thrown: unknown): boolean => thrown instanceof DatabaseError && (thrown.code === '28P01' || thrown.code === '3D000')
