const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** What the name of a field is called on a form: `contactId` as `Contact id`. */
export const fieldTitle = (name: string): string =>
  capital(
    name
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .replaceAll(/[_.[\]-]+/g, ' ')
      .trim()
      .toLowerCase()
      .replaceAll(/\b(id|url|sms|csv|ssn|dnd)s?\b/g, (word) => (/^ids?$/.test(word) ? word : word.toUpperCase())),
  ) || 'Value'
