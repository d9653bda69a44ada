import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { action } from './action.ts'
import { fillCatalogue } from './catalogue/fill.ts'
import type { Highlevel } from './context.ts'

const Fill = z.strictObject({ locationId: z.string().optional() })

/** Records of the parts of HighLevel that are served from its published files alone. */
export const catalogueActions = (context: Highlevel): Record<string, ControlAction> => ({
  'fill-catalogue': action('Make sample records of every kind, as if someone had looked at each list', Fill, ({ locationId }) => ({
    records: fillCatalogue(context, locationId ?? context.state.locations[0]?.id ?? ''),
  })),
})
