import { isJsonObject, type Json } from '@couplet/core'
import { allSteps, type DataPath, type FlowDefinition, type JsonSchema, type Mapping, type OperationLookup } from '@couplet/flow'

/** A value a person picked from a vendor's choices and that is written into the flow: an id that only means something in its account. */
export type PickedValue = {
  /** In the definition, down to the value itself. */
  path: DataPath
  /** Absent: the trigger's. */
  stepId?: string
  /** The field in words. */
  title: string
  slot: string
  connector: string
  list: string
  /** Sibling values the list depends on. */
  given: Record<string, Json>
  value: string
  /** The value is the name of a member (`ghlSocialTags` of the custom fields): the vendor lists these, but nothing can take its place by itself. */
  isKey?: true
}

type Place = { path: DataPath; stepId?: string; slot: string; connector: string }

/** Every picked id in a definition, in reading order. Pills and formulas give other values in each run, so they are none. */
export function pickedValues(definition: FlowDefinition, lookup: OperationLookup): PickedValue[] {
  const found: PickedValue[] = []
  const look = (operation: string, version: number, place: Place, input: Readonly<Record<string, Mapping>>): void => {
    const schema = lookup(operation, version)?.input
    if (!schema) return
    for (const [name, mapping] of Object.entries(input)) {
      const member = memberOf(schema, schema, name)
      if (member) inMapping(found, { ...place, path: [...place.path, name] }, schema, member, mapping, input)
    }
  }
  const slotOf = (slot: string | undefined): Pick<Place, 'slot' | 'connector'> | undefined => {
    const connector = slot === undefined ? undefined : definition.slots[slot]?.connector
    return slot === undefined || connector === undefined ? undefined : { slot, connector }
  }
  const { trigger } = definition
  const triggerSlot = slotOf(trigger.connection)
  if (triggerSlot)
    look(
      trigger.operation,
      trigger.version,
      { path: ['trigger', 'input'], ...triggerSlot },
      Object.fromEntries(Object.entries(trigger.input).map(([name, value]) => [name, { kind: 'value', value }])),
    )
  for (const { step, path } of allSteps(definition)) {
    const slot = step.kind === 'action' ? slotOf(step.connection) : undefined
    if (step.kind === 'action' && slot)
      look(step.operation, step.version, { path: [...path, 'input'], stepId: step.id, ...slot }, step.input)
  }
  return found
}

function inMapping(
  found: PickedValue[],
  place: Place,
  root: JsonSchema,
  schema: JsonSchema,
  mapping: Mapping,
  siblings: Readonly<Record<string, Mapping>>,
): void {
  if (mapping.kind === 'value') {
    // The trigger's input holds its values as they are; a step's mapping holds them one level deeper.
    const path = place.stepId === undefined ? place.path : [...place.path, 'value']
    inValue(found, { ...place, path }, root, schema, mapping.value, siblings)
  } else if (mapping.kind === 'list') {
    const item = itemOf(root, schema)
    if (item) for (const [index, one] of mapping.items.entries()) inMapping(found, at(place, 'items', index), root, item, one, siblings)
  } else if (mapping.kind === 'object') {
    inKeys(found, place, schema, Object.keys(mapping.fields))
    for (const [name, one] of Object.entries(mapping.fields)) {
      const member = memberOf(root, schema, name)
      if (member) inMapping(found, at(place, 'fields', name), root, member, one, mapping.fields)
    }
  }
}

function inValue(
  found: PickedValue[],
  place: Place,
  root: JsonSchema,
  schema: JsonSchema,
  value: Json,
  siblings: Readonly<Record<string, Mapping>>,
): void {
  const { list, given, title } = schema
  if (typeof value === 'string' && typeof list === 'string' && value !== '') {
    const names = Array.isArray(given) ? given.filter((name): name is string => typeof name === 'string') : []
    found.push({
      ...place,
      title: typeof title === 'string' ? title : String(place.path.findLast((part) => typeof part === 'string' && part !== 'value') ?? ''),
      list,
      given: Object.fromEntries(
        names.flatMap((name): [string, Json][] => {
          const sibling = siblings[name]
          return sibling?.kind === 'value' ? [[name, sibling.value]] : []
        }),
      ),
      value,
    })
  } else if (Array.isArray(value)) {
    const item = itemOf(root, schema)
    // The title of the list says more than that of one of its items.
    const named = item && { ...item, title: item['title'] ?? title }
    if (named) for (const [index, one] of value.entries()) inValue(found, at(place, index), root, named, one, siblings)
  } else if (isJsonObject(value)) {
    inKeys(found, place, schema, Object.keys(value))
    for (const [name, one] of Object.entries(value)) {
      const member = memberOf(root, schema, name)
      if (member && one !== undefined) inValue(found, at(place, name), root, member, one, {})
    }
  }
}

/** Member names the vendor lists: the identifiers of custom fields. */
function inKeys(found: PickedValue[], place: Place, { keys, title }: JsonSchema, names: readonly string[]): void {
  if (!isJsonObject(keys) || typeof keys['list'] !== 'string') return
  const { list, given } = keys
  for (const name of names)
    found.push({
      ...at(place, name),
      title: typeof title === 'string' ? title : '',
      list,
      given: isJsonObject(given)
        ? Object.fromEntries(Object.entries(given).flatMap(([key, one]): [string, Json][] => (typeof one === 'string' ? [[key, one]] : [])))
        : {},
      value: name,
      isKey: true,
    })
}

const at = (place: Place, ...parts: (string | number)[]): Place => ({ ...place, path: [...place.path, ...parts] })

/** Follows a reference and picks the alternative with content (`null` beside it says only that it may be empty). */
function plain(root: JsonSchema, schema: unknown): JsonSchema | undefined {
  if (!isJsonObject(schema)) return undefined
  const ref = schema['$ref']
  if (typeof ref === 'string' && ref.startsWith('#/$defs/')) {
    const definitions = root['$defs']
    return isJsonObject(definitions) ? plain(root, definitions[ref.slice('#/$defs/'.length)]) : undefined
  }
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  const content = Array.isArray(alternatives) ? alternatives.find((one: unknown) => isJsonObject(one) && one['type'] !== 'null') : undefined
  return isJsonObject(content) ? { ...schema, ...plain(root, content) } : schema
}

function memberOf(root: JsonSchema, schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = plain(root, schema)?.['properties']
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? plain(root, properties[name]) : undefined
}

const itemOf = (root: JsonSchema, schema: JsonSchema): JsonSchema | undefined => plain(root, plain(root, schema)?.['items'])
