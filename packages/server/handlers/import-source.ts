import { userFault } from '@couplet/core'
import type { OutboundClient } from '@couplet/engine'
import { DOCUMENT_BYTES_MAX } from '../importer/facts.ts'

const TIMEOUT_MS = 30_000

/** The text of a file that was sent along or has an address. Addresses are fetched behind the same guard as everything that leaves. */
export async function readSource(
  outbound: OutboundClient,
  source: { text: string; filename: string } | { url: string },
  signal: AbortSignal,
): Promise<{ text: string; name: string; url?: string }> {
  if ('text' in source) return { text: source.text, name: source.filename }
  const reply = await outbound.send({
    method: 'GET',
    url: source.url,
    headers: { accept: 'application/json, application/yaml, text/yaml, */*' },
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: DOCUMENT_BYTES_MAX,
    signal,
  })
  if (reply.status !== 200)
    throw userFault({
      code: 'import.not_readable',
      message: `The address answers HTTP ${reply.status}.`,
      hint: 'Open it in a browser: it must give the file itself, without signing in. Or download the file and choose it here.',
    })
  return { text: reply.text(), name: new URL(source.url).pathname.split('/').at(-1) || new URL(source.url).host, url: reply.url }
}
