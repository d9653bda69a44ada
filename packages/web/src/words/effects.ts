/** What a write does if it is sent twice, by effect class, in words. */
export const EFFECT_WORDS: Readonly<Record<string, string>> = {
  read: 'Changes nothing at the vendor; it may be asked as often as needed.',
  keyed: 'The vendor recognises a repeated send by its key: sending again changes nothing more.',
  harmless: 'Sending again leaves the same result as sending once.',
  'after-lookup': 'Before sending again, Couplet asks the vendor whether it is already there.',
  never: 'Sending twice would do it twice. When the outcome is unknown, the run is parked for a person.',
}

/** The same as a short word, for lists. */
export const EFFECT_SHORT: Readonly<Record<string, string>> = {
  read: 'reads',
  keyed: 'writes, safe to repeat',
  harmless: 'writes, safe to repeat',
  'after-lookup': 'writes, looked up before a repeat',
  never: 'writes, never repeated blindly',
}
