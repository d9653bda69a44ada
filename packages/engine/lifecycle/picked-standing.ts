import { type ConnectionId, type FaultFacts, type Json, toFault } from '@couplet/core'
import type { Choice } from '@couplet/connector-sdk'
import { FlowDefinition, placeOf, upgradeDefinition } from '@couplet/flow'
import type { Bindings, FlowRow, OpenedConnection } from '@couplet/store'
import { operationLookup } from '../operation-shapes.ts'
import type { EngineParts } from '../parts.ts'
import { type PickedValue, pickedValues } from './picked-values.ts'

/** A picked id, and whether the live account knows it. */
export type PickedStanding = Omit<PickedValue, 'given' | 'connector'> & {
  place: string
  isKnown: boolean
  /** What the sandbox calls it, where its list says so. */
  name?: string
  /** The live account that does not know it. */
  missingIn?: string
  /** What of the live account has the same key or name: surely meant, but a person says so. */
  proposed?: Choice
  /** What the live account offers instead; empty when its list could not be read. */
  choices: readonly Choice[]
  /** Why the list could not be read. */
  fault?: FaultFacts
}

/** Rows of a choice list of a connection; given by the server, which makes calls outside of runs. */
export type ReadChoices = (connection: OpenedConnection, list: string, given: Record<string, Json>) => Promise<readonly Choice[]>

const CHOICES_SHOWN_MAX = 500

export const boundIds = (bindings: Bindings, slot: string): readonly ConnectionId[] =>
  Object.hasOwn(bindings, slot) ? (bindings[slot] ?? []) : []

/**
 * Looks every picked id up in the lists of the live accounts: tags, pipelines, custom fields. Of several accounts behind a slot each must know it.
 * `flow`: as it stands in the sandbox, whose lists tell what an id is called; `definition`: with the live values chosen so far.
 */
export async function pickedStandings(
  parts: EngineParts,
  { flow, definition, bindings }: { flow: FlowRow; definition: FlowDefinition; bindings: Bindings },
  readChoices: ReadChoices,
): Promise<PickedStanding[]> {
  const lookup = operationLookup(parts.registry)
  const lists = new Map<string, Promise<readonly Choice[]>>()
  const choicesOf = (connection: OpenedConnection, { list, given }: PickedValue): Promise<readonly Choice[]> => {
    const key = JSON.stringify([connection.id, list, given])
    const known = lists.get(key) ?? readChoices(connection, list, given)
    lists.set(key, known)
    return known
  }
  const before = FlowDefinition.safeParse(upgradeDefinition(flow.draft)).data
  const boundBefore = await parts.store.flows.bindings(flow.id)
  const inSandbox = new Map(before ? pickedValues(before, lookup).map((picked) => [placeOf(picked.path), picked]) : [])
  /** The row of the sandbox's list. A sandbox that does not answer has no say: the name only helps. */
  const rowInSandbox = async (place: string): Promise<Choice | undefined> => {
    const picked = inSandbox.get(place)
    const [id] = picked ? boundIds(boundBefore, picked.slot) : []
    const connection = id === undefined ? undefined : await parts.connections.open(id)
    if (!picked || !connection) return undefined
    return choicesOf(connection, picked).then(
      (rows) => rows.find(({ value }) => value === picked.value),
      () => undefined,
    )
  }
  const look = async (picked: PickedValue): Promise<PickedStanding> => {
    const { given: _given, connector: _connector, ...shown } = picked
    const standing = { ...shown, place: placeOf(picked.path) }
    for (const id of boundIds(bindings, picked.slot)) {
      const connection = await parts.connections.open(id)
      if (!connection) return { ...standing, isKnown: false, choices: [] }
      try {
        const choices = await choicesOf(connection, picked)
        if (choices.some(({ value }) => value === picked.value)) continue
        const row = await rowInSandbox(standing.place)
        const proposed = row && sameAs(row, choices)
        return {
          ...standing,
          isKnown: false,
          missingIn: connection.name,
          choices: choices.slice(0, CHOICES_SHOWN_MAX),
          ...(row ? { name: row.label } : {}),
          ...(proposed ? { proposed } : {}),
        }
      } catch (error) {
        return { ...standing, isKnown: false, missingIn: connection.name, choices: [], fault: toFault(error).facts }
      }
    }
    return { ...standing, isKnown: true, choices: [] }
  }
  return Promise.all(pickedValues(definition, lookup).map(look))
}

const plain = (text: string): string => text.trim().toLowerCase()

/** The one choice with the same key, else the one with the same name; of two alike none is surely meant. */
function sameAs(row: Choice, choices: readonly Choice[]): Choice | undefined {
  const only = (fits: (choice: Choice) => boolean): Choice | undefined => {
    const [first, second] = choices.filter(fits)
    return second === undefined ? first : undefined
  }
  return (row.key === undefined ? undefined : only(({ key }) => key === row.key)) ?? only(({ label }) => plain(label) === plain(row.label))
}
