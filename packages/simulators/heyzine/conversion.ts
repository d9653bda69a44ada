import { hash } from 'node:crypto'
import { DocumentMemory } from './documents.ts'
import { type FetchedSource, fetchSource } from './fetch-source.ts'
import {
  A4_ASPECT_RATIO,
  type Flipbook,
  assumes,
  evictBeyondPlan,
  type HeyzineContext,
  listFlipbooks,
  removeFlipbook,
  type TextField,
} from './state.ts'
import { readPdf } from './pdf.ts'

const OUTLIER_MS = 6 * 60_000
const SETTLING_FIELDS: TextField[] = ['title', 'tags', 'private_note']

/** What lives only as long as the process: document bytes and conversions under way. */
type Memory = { documents: DocumentMemory; jobs: Map<string, Promise<void>> }
const memories = new WeakMap<HeyzineContext, Memory>()

function memoryOf(context: HeyzineContext): Memory {
  const memory = memories.get(context) ?? { documents: new DocumentMemory(), jobs: new Map() }
  memories.set(context, memory)
  return memory
}

export const loadDocument = (context: HeyzineContext, flipbook: Flipbook): Uint8Array | undefined =>
  memoryOf(context).documents.load(flipbook.id, flipbook.document?.revision ?? 0)

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

/**
 * Fetches under the faults a test asked for: `fetch-slow` (waits `delayMs`), `fetch-failed`, `source-content-type` (the type
 * in `body`).
 */
export async function fetchWithFaults(context: HeyzineContext, path: string, sourceUrl: string, userAgent: string): Promise<FetchedSource> {
  const slow = context.takeFault('fetch-slow', 'POST', path)
  if (slow) await pause(slow.delayMs ?? 2_000)
  if (context.takeFault('fetch-failed', 'POST', path)) return { ok: false, why: 'connection refused' }
  const source = await fetchSource(sourceUrl, { allowPrivate: context.setting('allowPrivateSources'), userAgent })
  const type = context.takeFault('source-content-type', 'POST', path)
  return source.ok && type ? { ...source, contentType: typeof type.body === 'string' ? type.body : 'application/octet-stream' } : source
}

const startsWith = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text

/** An HTML page is converted all the same, even an error page (CONFIRMED); what else is accepted is ASSUMED. */
export function whyUnusable(source: FetchedSource): string | undefined {
  if (!source.ok) return source.why
  const isHtml = /text\/html/i.test(source.contentType)
  const isPage = isHtml && (source.status === 404 || source.status === 410)
  if (source.status >= 300 && !isPage) return `the address answered ${source.status}`
  if (isHtml || startsWith(source.bytes, '%PDF') || startsWith(source.bytes, 'PK')) return undefined
  return 'not a document'
}

/** Stores the fetched bytes as the flipbook's next document. `suffix` is raised by `flipbook-replace` only. */
export function storeDocument(context: HeyzineContext, flipbook: Flipbook, bytes: Uint8Array, suffix: number): void {
  const { pages, aspectRatio } = startsWith(bytes, '%PDF') ? readPdf(bytes) : { pages: 1, aspectRatio: A4_ASPECT_RATIO }
  const revision = flipbook.document ? flipbook.document.revision + 1 : 0
  const sha256 = hash('sha256', bytes)
  memoryOf(context).documents.store(flipbook.id, revision, bytes)
  flipbook.document = { sha256, sizeBytes: bytes.length, pages, aspectRatio, revision, suffix, isSample: false }
  context.touch()
}

/** The key of idempotence: one flipbook per source address. Whether the query counts is ASSUMED. */
function sameSource(context: HeyzineContext, one: string, other: string): boolean {
  const bare = (url: string) => url.replace(/\?.*$/, '')
  return assumes(context, 'newQueryNewFlipbook') ? one === other : bare(one) === bare(other)
}

export const findBySource = (context: HeyzineContext, clientId: string, sourceUrl: string): Flipbook | undefined =>
  context.state.flipbooks.find((flipbook) => flipbook.clientId === clientId && sameSource(context, flipbook.sourceUrl, sourceUrl))

export function createFlipbook(context: HeyzineContext, clientId: string, sourceUrl: string, isAsync: boolean): Flipbook {
  const createdAt = context.clock.now()
  context.state.sequence += 1
  const id = `${hash('sha1', `${clientId} ${sourceUrl} ${createdAt} ${context.state.sequence}`)}.pdf`
  const flipbook: Flipbook = {
    id,
    clientId,
    sourceUrl,
    createdAt,
    texts: { title: '', subtitle: '', description: '', private_note: '', tags: '' },
    design: {},
    social: {},
    document: null,
    conversion: { state: 'started', readyAt: createdAt + conversionDelayMs(context), isAsync, why: null },
    settling: null,
  }
  context.state.flipbooks.push(flipbook)
  context.touch()
  return flipbook
}

function conversionDelayMs(context: HeyzineContext): number {
  if (context.setting('conversionOutlier')) return OUTLIER_MS
  return context.isStrict() ? 0 : context.setting('conversionDelayMs')
}

/** Waits on the simulator's clock, so that moving it passes the delay at once. */
async function waitUntil(context: HeyzineContext, at: number): Promise<void> {
  while (context.clock.now() < at) await pause(Math.min(20, at - context.clock.now()))
}

async function convert(context: HeyzineContext, flipbook: Flipbook, path: string): Promise<void> {
  const { conversion } = flipbook
  const source = await fetchWithFaults(context, path, flipbook.sourceUrl, 'Mozilla/5.0 (compatible; flipbook converter)')
  const why = context.takeFault('conversion-failed', 'POST', path) ? 'conversion failed' : whyUnusable(source)
  await waitUntil(context, conversion.readyAt)
  if (why !== undefined || !source.ok) {
    conversion.state = 'failed'
    conversion.why = why ?? null
  } else {
    storeDocument(context, flipbook, source.bytes, 0)
    conversion.state = 'processed'
    const lagMs = conversion.isAsync ? context.setting('settleLagMs') : 0
    flipbook.settling = lagMs > 0 ? { until: context.clock.now() + lagMs, fields: [...SETTLING_FIELDS] } : null
    evictBeyondPlan(context.state, flipbook.clientId)
    if (context.takeFault('evict', 'POST', path)) {
      const oldest = listFlipbooks(context.state, flipbook.clientId).at(-1)
      if (oldest) removeFlipbook(context.state, oldest.id)
    }
  }
  context.touch()
}

/** Runs the conversion, or joins the one under way; one that a restart interrupted is begun again. */
export function runConversion(context: HeyzineContext, flipbook: Flipbook, path: string): Promise<void> {
  const { jobs } = memoryOf(context)
  const running = jobs.get(flipbook.id)
  if (running) return running
  const job = convert(context, flipbook, path).finally(() => jobs.delete(flipbook.id))
  jobs.set(flipbook.id, job)
  return job
}
