/** An object without its `undefined` members, for ports whose optional members must be absent. */
export const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [Key in keyof T]: Exclude<T[Key], undefined> }
