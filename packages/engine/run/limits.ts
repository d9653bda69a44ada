/** What one step may take in or give, and one list a loop may work on, as JSON. */
export const STEP_BYTES_MAX = 1_000_000

/** How deep it may be nested: whatever walks it later (formulas, the database) uses its stack. */
export const STEP_DEPTH_MAX = 200

/** All journal entries of a run together. A page of the run must still load, and a replay must still copy it. */
export const JOURNAL_BYTES_MAX = 20_000_000
