const BYTES_MAX = 64_000_000

/**
 * The bytes of converted documents, in memory only: they would make the saved state large. The ones stored longest ago give
 * way beyond 64 MB, and a restart forgets them all; the record (hash, size, pages) stays in the state.
 */
export class DocumentMemory {
  readonly #bytes = new Map<string, Uint8Array>()
  #total = 0

  load(flipbookId: string, revision: number): Uint8Array | undefined {
    return this.#bytes.get(`${flipbookId} ${revision}`)
  }

  store(flipbookId: string, revision: number, bytes: Uint8Array): void {
    this.#bytes.set(`${flipbookId} ${revision}`, bytes)
    this.#total += bytes.length
    for (const [key, oldest] of this.#bytes) {
      if (this.#total <= BYTES_MAX || this.#bytes.size === 1) return
      this.#bytes.delete(key)
      this.#total -= oldest.length
    }
  }
}
