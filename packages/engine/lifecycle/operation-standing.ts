import type { Registry } from '@couplet/connector-sdk'
import type { OperationStanding } from '@couplet/flow'

/** What became of an operation that a flow uses: taken away, not in the newest file of its API, or described otherwise there. */
export const operationStanding =
  (registry: Registry) =>
  (operation: string, version: number): OperationStanding | undefined => {
    const [connectorId = ''] = operation.split('.')
    const connector = registry.connector(connectorId)
    if (!connector)
      return {
        message: `There is no connector "${connectorId}" in this workspace, which "${operation}" belongs to.`,
        hint: 'It was never imported here, or it was taken away. Import the file of its API, or choose another operation.',
      }
    const { title } = connector.spec
    const found = registry.action(operation, version) ?? registry.trigger(operation, version)
    if (!found) return { message: `${title} has no operation "${operation}".`, hint: 'Choose one from the catalogue.' }
    switch (connector.lazy?.standing?.(operation, version)) {
      case 'gone':
        return {
          message: `The newest file of ${title} no longer has "${found.title}".`,
          hint: 'The flow goes on by the file it was built with, and the vendor may refuse it one day. Choose another operation.',
        }
      case 'changed':
        return {
          message: `The newest file of ${title} describes "${found.title}" otherwise than version ${version}, which is used here.`,
          hint: 'The flow goes on as it is. The Advanced tab of the step takes the newer version.',
        }
      default:
        return undefined
    }
  }
