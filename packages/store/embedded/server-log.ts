import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'

const LOG_BYTES_MAX = 4_000_000
const TAIL_BYTES = 16_000

/**
 * The server's log: `<file>`, and `<file>.1` with what came before. The server appends to it by itself, so that it goes on when
 * Couplet is gone; PostgreSQL's own log collector would cost a process.
 */
export type ServerLog = {
  /** A file descriptor for the server to write to; whoever asks closes it. */
  open(): number
  /** What was written after this many bytes, at most the last 16 kB. */
  since(bytes: number): string
  sizeBytes(): number
  /** Keeps the file below 4 MB. Lines written in the moment of copying may be lost. */
  trim(): void
}

export function serverLog(file: string): ServerLog {
  const sizeBytes = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0
  return {
    open: () => openSync(file, 'a', 0o600),
    sizeBytes,
    since(bytes) {
      const size = sizeBytes()
      const from = Math.max(bytes, size - TAIL_BYTES)
      if (from >= size) return ''
      const chunk = Buffer.alloc(size - from)
      const fd = openSync(file, 'r')
      try {
        return chunk.toString('utf8', 0, readSync(fd, chunk, 0, chunk.length, from))
      } finally {
        closeSync(fd)
      }
    },
    trim() {
      if (sizeBytes() <= LOG_BYTES_MAX) return
      copyFileSync(file, `${file}.1`)
      truncateSync(file)
    },
  }
}
