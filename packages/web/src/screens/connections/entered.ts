/** Fields of a refusal, whether the API names them `facts.locationId` or `locationId`. */
export function fieldErrors(fields: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const [field, words] of Object.entries(fields ?? {})) errors[field.replace(/^(body\.)?(facts|secrets)\./, '')] = words
  return errors
}

/** Secrets are texts only. */
export const textsOf = (entered: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(entered).map(([name, value]) => [name, String(value)]))
