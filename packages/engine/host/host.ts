import { Fault, type Json, userFault } from '@couplet/core'
import type { HistoryReport, Host, SocialReport } from '@couplet/connector-sdk'
import type { Store } from '@couplet/store'
import { runCode } from '../code-step/code-runner.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import type { HostScope, Mailer } from '../parts.ts'
import { askStore } from '../run/ask-store.ts'

export type HostParts = {
  store: Store
  mailer: Mailer | undefined
  outbound: OutboundClient
  /** Base of public addresses, without a slash at the end. */
  publicAddress(): string
  renderSocialReport(report: SocialReport): Promise<{ bytes: Uint8Array; pages: number }>
  publishFromHistory(scope: HostScope, report: HistoryReport): ReturnType<Host['reports']['publishFromHistory']>
  readHistory(scope: HostScope, ask: { locationId: string; days: number }): ReturnType<Host['statistics']['readHistory']>
  /** Starts another flow by name, once for each key. */
  startFlow(run: HostScope['run'], flow: string, input: Json, key: string): Promise<{ runId: string; isNew: boolean }>
}

const ROWS_MAX = 1_000
const VERIFY_TIMEOUT_MS = 10_000

/** Couplet's own abilities for one step: tables, artifacts, reports, statistics, tasks, other flows, code. */
export function createHost(parts: HostParts, scope: HostScope): Host {
  const { store } = parts
  const { run } = scope
  const { workspaceId } = run
  return {
    tables: {
      find: (table, where, limit) => askStore(store.lookupTables.find(workspaceId, table, where, Math.min(limit ?? ROWS_MAX, ROWS_MAX))),
      put: (table, key, value) => askStore(store.lookupTables.putRow(workspaceId, table, key, value)),
      remove: (table, key) => askStore(store.lookupTables.removeRow(workspaceId, table, key)),
    },
    artifacts: {
      publish: async (artifact) => {
        const published = await askStore(store.artifacts.publish(workspaceId, artifact))
        return {
          url: `${parts.publicAddress()}/files/${published.token}.${extensionOf(artifact.contentType)}`,
          sha256: published.sha256,
          sizeBytes: published.sizeBytes,
          changed: published.changed,
        }
      },
      verify: (url, contentType) => verifyPublic(parts, url, contentType),
    },
    reports: {
      renderSocialReport: (report) => parts.renderSocialReport(report),
      publishFromHistory: (report) => askStore(parts.publishFromHistory(scope, report)),
    },
    statistics: {
      record: async (reading) => {
        const figures = reading.figures.map((figure) => ({
          ...figure,
          locationId: reading.locationId,
          from: reading.from.slice(0, 10),
          to: reading.to.slice(0, 10),
          source: reading.source,
          readAt: new Date(reading.readAt).getTime(),
        }))
        const stored = await askStore(store.statistics.record(workspaceId, figures))
        return { stored }
      },
      readHistory: (ask) => askStore(parts.readHistory(scope, ask)),
    },
    tasks: {
      open: (task) => askStore(store.tasks.open(workspaceId, { ...task, runId: run.id })),
      close: (key, because) => askStore(store.tasks.close(workspaceId, key, because)),
    },
    mail: {
      send: async ({ attach, ...message }) => {
        const mailer = parts.mailer
        if (!mailer) throw noMailServer()
        const attachments = await attachedFiles(store, workspaceId, attach ?? [])
        await scope.beforeWrite?.()
        return mailer.send({ ...message, attachments: [...(message.attachments ?? []), ...attachments] }, scope.signal)
      },
    },
    flows: { start: (flow, input, effectKey) => askStore(parts.startFlow(run, flow, input, effectKey)) },
    code: { run: async (source, input) => runCode(source, input) },
  }
}

const extensionOf = (contentType: string): string =>
  contentType === 'application/pdf' ? 'pdf' : contentType.startsWith('text/') ? 'txt' : 'bin'

const noMailServer = () =>
  userFault({
    code: 'mail.not_set_up',
    message: 'This Couplet has no mail server.',
    hint: 'The operator sets COUPLET_SMTP_URL and COUPLET_MAIL_FROM and starts Couplet again.',
  })

async function attachedFiles(store: Store, workspaceId: HostScope['run']['workspaceId'], names: readonly string[]) {
  const files = []
  for (const name of names) {
    const found = await askStore(store.artifacts.findByName(workspaceId, name))
    if (!found)
      throw userFault({
        code: 'artifact.unknown',
        message: `No file named "${name}" has been published.`,
        hint: 'Publish it in an earlier step, and use the same name here.',
        fields: { attach: 'not published' },
      })
    const extension = extensionOf(found.contentType)
    const lastPart = name.slice(name.lastIndexOf('/') + 1)
    files.push({
      name: lastPart.endsWith(`.${extension}`) ? lastPart : `${lastPart}.${extension}`,
      contentType: found.contentType,
      bytes: found.bytes,
    })
  }
  return files
}

/** Asks for the address as the vendor would: no credentials, no redirect. */
async function verifyPublic(parts: HostParts, url: string, contentType: string): Promise<void> {
  const cannot = (why: string) =>
    userFault({
      code: 'artifact.not_public',
      message: `The address of the file cannot be read from outside: ${why}.`,
      hint: 'Set the public address of Couplet (COUPLET_PUBLIC_URL) to one that the vendor can reach, and let it through your proxy unchanged.',
      details: { url },
    })
  let reply
  try {
    reply = await parts.outbound.send({ method: 'GET', url, headers: {}, timeoutMs: VERIFY_TIMEOUT_MS })
  } catch (error) {
    throw cannot(error instanceof Fault ? error.message : String(error))
  }
  if (reply.url !== url) throw cannot(`it redirects to ${reply.url}`)
  if (reply.status !== 200) throw cannot(`it answered ${reply.status}`)
  if (reply.headers['content-type'] !== contentType)
    throw cannot(`it answers as "${reply.headers['content-type'] ?? 'nothing'}" instead of exactly "${contentType}"`)
}
