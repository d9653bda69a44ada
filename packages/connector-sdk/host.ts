import type { Json, JsonObject, SocialReport } from '@couplet/core'

/** A row of a lookup table, with the key that names it. */
export type TableRow = { key: string; value: JsonObject }

/** What Couplet itself can do for a step: the ports behind the built-in operations. Everything is scoped to the workspace of the run. */
export type Host = {
  tables: {
    /** Rows whose members equal those of `where`; at most `limit` (default 1,000). Throws a user fault when no table has that name. */
    find(table: string, where: JsonObject, limit?: number): Promise<readonly TableRow[]>
    /** Creates or replaces the row with this key. */
    put(table: string, key: string, value: JsonObject): Promise<void>
    remove(table: string, key: string): Promise<boolean>
  }
  artifacts: {
    /**
     * Keeps a file under a stable, unguessable public address: the same `name` gives the same address for ever, its content is
     * replaced. `changed` is false when the bytes are the same as before.
     */
    publish(artifact: {
      name: string
      contentType: string
      bytes: Uint8Array
    }): Promise<{ url: string; sha256: string; sizeBytes: number; changed: boolean }>
    /** Fetches the public address as an outsider would; throws a user fault when that does not answer 200 with exactly the content type. */
    verify(url: string, contentType: string): Promise<void>
  }
  reports: {
    /** Renders a report document as PDF. The same input gives the same bytes. */
    renderSocialReport(report: SocialReport): Promise<{ bytes: Uint8Array; pages: number }>
    /** Makes a report from the history Couplet keeps, in the workspace's look, and publishes it under its stable address. */
    publishFromHistory(
      report: HistoryReport,
    ): Promise<{ url: string; sha256: string; changed: boolean; pages: number; summary: string; name: string }>
  }
  statistics: {
    /** Stores numbers of one location; a later reading of the same account, day and metric replaces the earlier. */
    record(reading: StatisticsReading): Promise<{ stored: number }>
    /** Brings the history of a location up to date over so many days; throws the vendor's fault, or `throttled` when it has to go on later. */
    readHistory(ask: { locationId: string; days: number }): Promise<{ asOf: string; from: string; accounts: number }>
  }
  tasks: {
    /** Opens (or finds, by key) a task for a person. */
    open(task: { key: string; title: string; text: string; link?: string }): Promise<{ id: string; isNew: boolean }>
    /** Closes the open task with this key; false when there is none. */
    close(key: string, because: string): Promise<boolean>
  }
  mail: {
    /**
     * Sends an e-mail from the address of this installation; `attach` names published files. `refused`: addresses the mail server
     * did not take, when it took others. Throws a user fault when no mail server is set up.
     */
    send(message: MailMessage & { attach?: readonly string[] }): Promise<{ messageId: string; refused: readonly string[] }>
  }
  flows: {
    /** Starts a run of another flow by its name; the same effect key starts it once. */
    start(flow: string, input: Json, effectKey: string): Promise<{ runId: string; isNew: boolean }>
  }
  code: {
    /** Runs JavaScript in a sandbox without network, files, or time; bounded in memory and time. */
    run(source: string, input: Json): Promise<Json>
  }
}

export type MailMessage = {
  /** Bare addresses, at least one. */
  to: readonly string[]
  subject: string
  text: string
  html?: string
  replyTo?: string
  attachments?: readonly { name: string; contentType: string; bytes: Uint8Array }[]
}

/** A report to be made from the history. `locationId` as the vendor knows it; without it and without a group: all locations. */
export type HistoryReport = {
  name?: string | undefined
  title: string
  locationId?: string | undefined
  group?: string | undefined
  from: string
  to: string
}

export type StatisticsReading = {
  locationId: string
  from: string
  to: string
  readAt: string
  source: string
  figures: readonly { account: string; platform: string; metric: string; value: number }[]
}
