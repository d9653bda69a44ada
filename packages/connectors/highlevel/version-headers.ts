/*
 * HighLevel wants a version with every call, and wants the right one for the operation (CONFIRMED): a date for the older generation,
 * the literal `v3` for the newer. There is deliberately no default, so that no operation can forget to choose.
 */

export const DATED = { Version: '2021-07-28' } as const
export const V3 = { Version: 'v3' } as const
