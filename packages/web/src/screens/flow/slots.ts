import type { FlowDetail } from '@couplet/api'
import { isJsonObject } from '@couplet/core'
import { vendorName } from '../../ui/vendor-tile.tsx'

export type Slot = { slot: string; connector: string; title: string; isMany: boolean }

/** Slots of the draft: name, connector, and whether the trigger uses it (then it may have many connections). */
export function slotsOf(flow: FlowDetail): Slot[] {
  const slots = isJsonObject(flow.draft['slots']) ? flow.draft['slots'] : {}
  const trigger = isJsonObject(flow.draft['trigger']) ? flow.draft['trigger']['connection'] : undefined
  return Object.entries(slots).map(([slot, words]) => {
    const connector = isJsonObject(words) && typeof words['connector'] === 'string' ? words['connector'] : ''
    return {
      slot,
      connector,
      title: isJsonObject(words) && typeof words['title'] === 'string' ? words['title'] : vendorName(connector),
      isMany: slot === trigger,
    }
  })
}
