import { isJsonObject, userFault } from '@couplet/core'

/** The format this version of Couplet writes. */
export const FORMAT = 1

/**
 * Steps from one format to the next, by the format they start from. A step is a pure function of the file; it never looks at
 * the schema of today, which may have moved on. Format 1 is the first, so the table is empty.
 */
const UPGRADES: ReadonlyMap<number, (definition: Record<string, unknown>) => Record<string, unknown>> = new Map()

/**
 * A definition of any known format in today's format. What is no object or says no format is given back as it is: the schema
 * says what is wrong with it. Throws a user fault `flow.newer_format` or `flow.unknown_format`.
 */
export function upgradeDefinition(definition: unknown): unknown {
  if (!isJsonObject(definition) || definition['format'] === undefined) return definition
  const format = definition['format']
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1)
    throw userFault({
      code: 'flow.unknown_format',
      message: `"format" must be a number from 1 to ${FORMAT}, but is ${JSON.stringify(format).slice(0, 60)}.`,
      hint: `Write "format": ${FORMAT}.`,
      place: 'format',
    })
  if (format > FORMAT)
    throw userFault({
      code: 'flow.newer_format',
      message: `This flow is written in format ${format}, but this Couplet knows formats up to ${FORMAT}.`,
      hint: 'Upgrade Couplet, or export the flow again from an older one.',
      place: 'format',
    })
  let current = definition
  for (let step = format; step < FORMAT; step++) current = UPGRADES.get(step)?.(current) ?? current
  return current
}
