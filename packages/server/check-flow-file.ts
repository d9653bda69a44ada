import { catalogueEntries, type Registry, shapeLookup } from '@couplet/connector-sdk'
import { type FlowDefinition, parseFlowFile, type Problem, validateDefinition } from '@couplet/flow'

/** A flow file as far as it can be judged without a running Couplet: form, operations, types of mappings. Connections are not known here. */
export type FlowFileCheck = { definition: FlowDefinition | undefined; problems: Problem[] }

/** Makes the check for many files. The check throws `flow.not_json` with line and column. */
export function flowFileCheckerFor(registry: Registry): (text: string, filename: string) => FlowFileCheck {
  const lookup = shapeLookup(registry)
  const operationIds = catalogueEntries(registry).map(({ id }) => id)
  return (text, filename) => {
    const { definition, problems } = validateDefinition(parseFlowFile(text, filename), lookup, { operationIds })
    return { definition, problems }
  }
}
