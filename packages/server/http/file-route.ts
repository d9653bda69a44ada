import type { Store } from '@couplet/store'

const NAME = /^([A-Za-z0-9_-]{16,128})\.(?:pdf|txt|bin)$/

/**
 * A published file by its unguessable address. The content type is exactly the one it was published with, without parameters:
 * Heyzine refuses anything but `application/pdf`.
 */
export async function fileResponse(store: Store, name: string, ifNoneMatch: string | undefined): Promise<Response> {
  const token = NAME.exec(name)?.[1]
  const file = token === undefined ? undefined : await store.artifacts.serve(token)
  if (!file)
    return new Response('There is no such file.\n', { status: 404, headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } })
  const headers: Record<string, string> = {
    'content-type': file.contentType,
    etag: `"${file.sha256}"`,
    'last-modified': new Date(file.updatedAt).toUTCString(),
    'cache-control': 'public, no-cache',
    'x-content-type-options': 'nosniff',
    // Whatever a flow published is shown, never run. A sandbox would keep browsers from showing PDF files.
    'content-security-policy':
      file.contentType === 'application/pdf'
        ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
        : "default-src 'none'; sandbox",
  }
  if (ifNoneMatch === headers['etag']) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(file.bytes), { headers: { ...headers, 'content-length': String(file.bytes.length) } })
}
