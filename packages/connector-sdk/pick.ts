import { z } from 'zod'

/**
 * A field whose choices come from the vendor: `list` names one of the connector's choice lists, `given` the sibling fields it depends on.
 * Stored is the chosen value; the builder shows the label.
 */
export const pick = (list: string, given: readonly string[] = []) => z.string().min(1).meta({ list, given })
