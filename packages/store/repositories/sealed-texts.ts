import { isJsonObject } from '@couplet/core'
import type { Vault } from '../vault/vault.ts'

/** Named secrets as one envelope, bound to the id of what they belong to. */
export const sealTexts = (vault: Vault, id: string, secrets: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(vault.seal(JSON.stringify(secrets), id))

/** The secrets of an envelope. Throws as `Vault.open` does. */
export function openTexts(vault: Vault, id: string, envelope: Uint8Array): Record<string, string> {
  const secrets: unknown = JSON.parse(vault.openText(envelope, id))
  return isJsonObject(secrets)
    ? Object.fromEntries(Object.entries(secrets).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {}
}
