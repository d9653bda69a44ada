export const timeZoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
export const TIME_ZONES = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
