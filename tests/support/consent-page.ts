/** Goes through the simulated vendor's consent page as a person in a browser: opens it, chooses, and is sent back. Answers where to. */
export async function chooseOnConsentPage(authorizeUrl: string, chosen: string): Promise<URL> {
  const page = await fetch(authorizeUrl, { headers: { 'user-agent': 'a browser' } })
  const html = await page.text()
  const link = [...html.matchAll(/href="([^"]+)"/g)]
    .map((match) => match[1]?.replaceAll('&amp;', '&') ?? '')
    .find((href) => href.includes(`choose=${chosen}`))
  if (link === undefined) throw new Error(`The consent page (${page.status}) offers no ${chosen}: ${html.slice(0, 300)}`)
  const answer = await fetch(new URL(link, authorizeUrl), { redirect: 'manual', headers: { 'user-agent': 'a browser' } })
  const back = answer.headers.get('location')
  if (back === null) throw new Error(`The consent page did not send the browser back (${answer.status}): ${await answer.text()}`)
  return new URL(back)
}
