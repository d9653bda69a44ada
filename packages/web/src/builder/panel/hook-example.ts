export type HookProof = 'none' | 'header' | 'hmac-sha256'

const SECRET_FIRST = "SECRET='the secret of this address'"
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A call that this address takes, to paste into a shell. Without the secret there is a place for it. */
export function hookExample(asked: { url: string; proof: HookProof; header: string; secret?: string | undefined }): string {
  const { url, proof, header, secret } = asked
  const secretLine = secret === undefined ? SECRET_FIRST : `SECRET=${quoted(secret)}`
  const post = `curl -X POST ${quoted(url)} -H 'content-type: application/json'`
  const body = `'{"hello":"world"}'`
  if (proof === 'none') return `${post} -d ${body}`
  if (proof === 'header') return `${secretLine}\n${post} -H "${header}: $SECRET" -d ${body}`
  return [
    secretLine,
    `BODY=${body}`,
    `SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)`,
    `${post} -H "${header}: $SIGNATURE" --data-binary "$BODY"`,
  ].join('\n')
}
