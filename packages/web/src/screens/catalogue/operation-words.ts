import type { OperationSummary } from '@couplet/api'
import { EFFECT_SHORT } from '../../words/effects.ts'

const WIRE_WORDS: Readonly<Record<OperationSummary['wires'][number], string>> = {
  webhook: 'webhook',
  poll: 'polling',
  schedule: 'the clock',
  'by-hand': 'a person',
}

/** `reads`, `writes, safe to repeat`, `starts by webhook or polling`. */
export function doesWords({ kind, effect, wires }: Pick<OperationSummary, 'kind' | 'effect' | 'wires'>): string {
  if (kind === 'action') return EFFECT_SHORT[effect] ?? effect
  return `starts by ${wires.map((wire) => WIRE_WORDS[wire]).join(' or ')}`
}
