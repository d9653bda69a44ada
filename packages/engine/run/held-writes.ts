import { hash } from 'node:crypto'
import { canonicalJson, type Json } from '@couplet/core'
import type { Host } from '@couplet/connector-sdk'
import type { ShownRequest } from '../outbound/exchange.ts'

/** A change that is kept back until a person has seen it: a request to a vendor, or something Couplet itself would do. */
export type HeldWrite =
  | ({ kind: 'request' } & ShownRequest)
  /** `title` in words ("Write a row into the table prices"), `data` what would be written. */
  | { kind: 'own'; title: string; data: Json }

/** Stops an operation at a write that may not leave. Nobody but `tryStep` catches it. */
export class WriteHeld extends Error {}

/** Two writes with the same one do the same. Headers are left out: they hold what changes from call to call. */
export const fingerprintOfWrite = (write: HeldWrite): string =>
  write.kind === 'request' ? write.fingerprint : hash('sha256', canonicalJson({ title: write.title, data: write.data }))

/**
 * Couplet's own abilities with every change shown to `before` first; a throw there keeps it back. Reading tables, drawing reports and
 * running code change nothing and go through.
 */
export function watchedHost(host: Host, before: (write: HeldWrite) => void): Host {
  const own = (title: string, data: Json): void => before({ kind: 'own', title, data })
  return {
    ...host,
    tables: {
      find: (table, where, limit) => host.tables.find(table, where, limit),
      put: async (table, key, value) => {
        own(`Write a row into the table "${table}"`, { key, value })
        return host.tables.put(table, key, value)
      },
      remove: async (table, key) => {
        own(`Remove a row from the table "${table}"`, { key })
        return host.tables.remove(table, key)
      },
    },
    artifacts: {
      publish: async (artifact) => {
        const { name, contentType, bytes } = artifact
        own(`Publish the file "${name}"`, {
          contentType,
          sizeBytes: bytes.byteLength,
          sha256: hash('sha256', bytes),
        })
        return host.artifacts.publish(artifact)
      },
      verify: (url, contentType) => host.artifacts.verify(url, contentType),
    },
    statistics: {
      record: async (reading) => {
        own('Store statistics', { ...reading, figures: reading.figures.map((figure) => ({ ...figure })) })
        return host.statistics.record(reading)
      },
      // Reading more of a history changes nothing anybody would have to undo.
      readHistory: (ask) => host.statistics.readHistory(ask),
    },
    reports: {
      renderSocialReport: (report) => host.reports.renderSocialReport(report),
      publishFromHistory: async (report) => {
        own('Publish a report from the history', {
          ...report,
          name: report.name ?? null,
          locationId: report.locationId ?? null,
          group: report.group ?? null,
        })
        return host.reports.publishFromHistory(report)
      },
    },
    tasks: {
      open: async (task) => {
        own('Open a task', { ...task })
        return host.tasks.open(task)
      },
      close: async (key, because) => {
        own('Close a task', { key, because })
        return host.tasks.close(key, because)
      },
    },
    mail: {
      send: async (message) => {
        const { to, subject, text, attach } = message
        own('Send an e-mail', { to: [...to], subject, text, attach: [...(attach ?? [])] })
        return host.mail.send(message)
      },
    },
    flows: {
      start: async (flow, input, effectKey) => {
        own(`Start the flow "${flow}"`, input)
        return host.flows.start(flow, input, effectKey)
      },
    },
  }
}
