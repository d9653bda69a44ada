import type { SourceAccount } from '@couplet/connector-sdk'

/** At most this many profile ids in one call; more answer 400 (CONFIRMED). There are fewer platforms, so a layer always fits. */
export type Layer = readonly SourceAccount[]

/**
 * Accounts in layers with one account of each platform at most: HighLevel's figures are by platform (CONFIRMED), so an answer for one layer
 * is an answer by account. As many calls are needed as the platform with the most accounts has.
 */
export function layersOf(accounts: readonly SourceAccount[]): Layer[] {
  const layers: SourceAccount[][] = []
  const depths = new Map<string, number>()
  for (const account of accounts) {
    const depth = depths.get(account.platform) ?? 0
    depths.set(account.platform, depth + 1)
    const layer = layers[depth]
    if (layer) layer.push(account)
    else layers.push([account])
  }
  return layers
}
