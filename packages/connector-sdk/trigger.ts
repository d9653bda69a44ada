import type { Duration } from '@couplet/core'
import type { z } from 'zod'
import type { Call } from './call.ts'
import type { Fact } from './fact.ts'
import type { Words } from './words.ts'

type Schema = z.ZodType

/**
 * Polls a list that has no order and no "since": every item is read, the runtime keeps an item's id and content hash and says what
 * was created, changed or removed (absent from two complete scans). The connector never decides what is new.
 */
export type ScanPoll<Input, Connection, Item, Data> = {
  mode: 'scan'
  every: Duration
  /** One page. `next` is opaque and absent on the last page. Runtime owns page cap and the stop on a repeated cursor. */
  page(call: Call<Input, Connection> & { cursor: string | undefined }): Promise<{ items: readonly Item[]; next?: string }>
  id(item: Item): string
  /** The part of the item whose change matters; it is hashed. */
  content(item: Item): unknown
  /** True when the vendor marks the item itself as removed. */
  isRemoved?(item: Item): boolean
  /** `revision` counts the item's changes, so a value that comes back is a new fact. */
  fact(seen: {
    change: 'created' | 'changed' | 'removed'
    item: Item
    previous: Item | undefined
    hash: string
    revision: number
    connection: Connection
    now: string
  }): Fact<Data>
}

/**
 * Polls something that gives facts by time. `cursor` is kept by the runtime in the same transaction as the facts it led to. Pages may overlap:
 * keys make repeats harmless.
 */
export type FeedPoll<Input, Connection, Data> = {
  mode: 'feed'
  every: Duration
  /** Where the webhook is the usual wire and this one only finds what it missed: false when a person does without. Absent: always. */
  isWanted?(input: Input): boolean
  /** Cursor of the first poll. `since` is when the flow was switched on, or long ago for a back-fill. */
  start(since: string): string
  page(
    call: Call<Input, Connection> & { cursor: string; now: string },
  ): Promise<{ facts: readonly Fact<Data>[]; cursor: string; more: boolean }>
}

/** How a webhook delivery becomes facts. `topic` as the connector's `webhooks.topic` read it. */
export type Push<Input, Connection, Data> = {
  topics: readonly string[]
  /** Topics taken at an address that all events of an app share, where nothing follows from the address itself. Default: `topics`. */
  sharedTopics?(input: Input): readonly string[]
  facts(delivery: {
    input: Input
    connection: Connection
    topic: string
    body: unknown
    bodySha256: string
    receivedAt: string
  }): readonly Fact<Data>[]
}

/** A person starts the run and picks what it is about. */
export type ByHand<Input, Connection, Data> = {
  title: string
  /** The picker's form. */
  pick: z.ZodObject
  fact(
    call: Call<Input, Connection> & { picked: Record<string, unknown>; now: string; workspaceZone: string; runKey: string },
  ): Promise<Fact<Data>>
}

/** Fires at the times of a cron pattern in a time zone. */
export type Scheduled<Input, Data> = {
  /** `zone` absent: the workspace's. */
  schedule(input: Input): { pattern: string; zone?: string | undefined }
  /** `zone`: the one that was gone by. */
  fact(due: { input: Input; dueAt: string; previousAt: string | undefined; zone: string }): Fact<Data>
}

/** A trigger may have several wires; each gives the same key for the same fact. */
export type Trigger<Scope extends string, Connection, I extends Schema, O extends Schema, Item = unknown> = Words & {
  scopes: readonly Scope[]
  input: I
  output: O
  samples: readonly [z.input<O>, ...z.input<O>[]]
  poll?: ScanPoll<z.output<I>, Connection, Item, z.input<O>> | FeedPoll<z.output<I>, Connection, z.input<O>>
  push?: Push<z.output<I>, Connection, z.input<O>>
  byHand?: ByHand<z.output<I>, Connection, z.input<O>>
  scheduled?: Scheduled<z.output<I>, z.input<O>>
}

/** How facts come in. */
export type Wire = 'webhook' | 'poll' | 'schedule' | 'by-hand'

/** The wires a trigger has, the fastest first. */
export const wiresOf = (trigger: { poll?: unknown; push?: unknown; byHand?: unknown; scheduled?: unknown }): Wire[] => [
  ...(trigger.push === undefined ? [] : (['webhook'] as const)),
  ...(trigger.poll === undefined ? [] : (['poll'] as const)),
  ...(trigger.scheduled === undefined ? [] : (['schedule'] as const)),
  ...(trigger.byHand === undefined ? [] : (['by-hand'] as const)),
]
