import { createServer } from 'node:http'

type Tag = { _id: string; tag: string; createdAt: string; updatedAt: string }

export type TagVendor = AsyncDisposable & {
  url: string
  /** By location; changed by the benchmark. */
  tags: Map<string, Tag[]>
  calls: number
  refused429: number
  /** The most calls any location had in one window. */
  busiest: number
}

/** HighLevel's list of planner tags for many locations, with its limit: so many calls in a window for each location, then 429. */
export async function tagVendor(options: {
  locations: readonly string[]
  tagsEach: number
  limit: number
  windowMs: number
  latencyMs: number
}): Promise<TagVendor> {
  const at = new Date(0).toISOString()
  const tags = new Map(
    options.locations.map((location) => [
      location,
      Array.from({ length: options.tagsEach }, (_, index) => ({
        _id: `${location}-${index}`,
        tag: `tag ${index}`,
        createdAt: at,
        updatedAt: at,
      })),
    ]),
  )
  const windows = new Map<string, { began: number; count: number }>()
  const vendor = { tags, calls: 0, refused429: 0, busiest: 0 }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://vendor')
    const location = url.pathname.split('/')[2] ?? ''
    const now = performance.now()
    const known = windows.get(location)
    const window = known && now - known.began < options.windowMs ? known : { began: now, count: 0 }
    window.count += 1
    windows.set(location, window)
    vendor.calls += 1
    vendor.busiest = Math.max(vendor.busiest, window.count)
    const isRefused = window.count > options.limit
    if (isRefused) vendor.refused429 += 1
    const all = tags.get(location) ?? []
    const skip = Number(url.searchParams.get('skip') ?? 0)
    const page = all.slice(skip, skip + Number(url.searchParams.get('limit') ?? 100))
    setTimeout(() => {
      response.writeHead(isRefused ? 429 : 200, {
        'content-type': 'application/json',
        'x-ratelimit-max': String(options.limit),
        'x-ratelimit-remaining': String(Math.max(0, options.limit - window.count)),
        'x-ratelimit-interval-milliseconds': String(options.windowMs),
      })
      response.end(
        JSON.stringify(
          isRefused ? { message: 'Too Many Requests' } : { success: true, statusCode: 200, results: { tags: page, count: all.length } },
        ),
      )
    }, options.latencyMs)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return Object.assign(vendor, {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  })
}
