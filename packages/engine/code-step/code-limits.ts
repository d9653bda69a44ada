/** What a code step may use. CPU is measured in the worker, so a busy machine does not make code fail. */
export type CodeLimits = {
  memoryBytesMax: number
  cpuMsMax: number
  /** Wall time after which the worker is killed: for what the interpreter cannot interrupt. */
  stuckAfterMs: number
  stackBytesMax: number
  inputBytesMax: number
  outputBytesMax: number
  logLinesMax: number
  logCharsMax: number
}

export const CODE_LIMITS: CodeLimits = {
  memoryBytesMax: 32 * 1024 * 1024,
  cpuMsMax: 1_000,
  stuckAfterMs: 3_000,
  stackBytesMax: 256 * 1024,
  inputBytesMax: 4 * 1024 * 1024,
  outputBytesMax: 256 * 1024,
  logLinesMax: 100,
  logCharsMax: 1_000,
}

/** One run as it goes to the worker. JSON travels as text: it is parsed inside the interpreter, under its limits. */
export type CodeJob = { id: number; source: string; inputJson: string; nowMs: number; limits: CodeLimits }

export type CodeTrouble =
  | 'syntax'
  | 'threw'
  | 'too_slow'
  | 'out_of_memory'
  | 'too_deep'
  | 'result_too_large'
  | 'result_not_json'
  | 'never_ends'

export type CodeOutcome = { id: number; logs: string[] } & (
  | { ok: true; json: string }
  | { ok: false; trouble: CodeTrouble; message: string; line?: number; column?: number }
)
