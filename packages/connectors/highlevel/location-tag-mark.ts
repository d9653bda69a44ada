import { echoMark } from '@couplet/connector-sdk'

/** Mark of a location tag's name: left by our writes, shown by the trigger, so that flows do not chase each other. Case does not count. */
export const locationTagMark = (locationId: string, tag: { id: string; name: string }): string =>
  echoMark(`hl.location-tag:${locationId}:${tag.id}`, 'name', tag.name.trim().toLowerCase())
