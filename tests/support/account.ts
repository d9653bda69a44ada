import { type Client, createClient } from '@couplet/api'
import type { Couplet } from '@couplet/server'

export type TestAccount = {
  email: string
  password: string
  /** Calls the API with this person's session. */
  client: Client
  /** The session cookie as `name=value`. */
  cookie: string
}

const nameAndValue = (setCookie: string): string => setCookie.split(';', 1)[0] ?? ''

/** Signs in and keeps the session's cookie; throws the server's own fault. */
export async function signInAs(url: string, credentials: { email: string; password: string }): Promise<TestAccount> {
  const jar = cookieJar()
  await createClient({ baseUrl: url, fetch: jar.fetch }).account.signIn({
    body: { email: credentials.email, password: credentials.password },
  })
  return { ...credentials, ...jar.account(url) }
}

/** Sets Couplet up by its link, as the first owner does. */
export async function openAccount(couplet: Couplet): Promise<TestAccount> {
  const url = couplet.url ?? ''
  const credentials = { email: 'owner@example.org', password: 'a long enough password' }
  const jar = cookieJar()
  await createClient({ baseUrl: url, fetch: jar.fetch }).account.setUp({
    body: {
      ...credentials,
      token: couplet.setUpUrl?.split('#')[1] ?? '',
      name: 'Olive Owner',
      workspaceName: 'First agency',
      timeZone: 'Europe/London',
    },
  })
  return { ...credentials, ...jar.account(url) }
}

/** What a browser does with cookies, as far as sign-in needs it. */
function cookieJar() {
  const cookies = new Map<string, string>()
  const text = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const fetchWithCookies: typeof fetch = async (address, init) => {
    const headers = new Headers(init?.headers)
    if (cookies.size > 0) headers.set('cookie', text())
    headers.set('sec-fetch-site', 'same-origin')
    const response = await fetch(address, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = nameAndValue(line).split(/=(.*)/s)
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    fetch: fetchWithCookies,
    account: (url: string) => ({ client: createClient({ baseUrl: url, fetch: fetchWithCookies }), cookie: text() }),
  }
}

/** Accepts an invitation as a new person and keeps the session. */
export async function joinAs(
  url: string,
  invitation: string,
  person: { email: string; name: string; password: string },
): Promise<TestAccount> {
  const jar = cookieJar()
  const { email, name, password } = person
  await createClient({ baseUrl: url, fetch: jar.fetch }).people.accept({
    body: { token: invitation.split('#')[1] ?? '', name, password },
  })
  return { email, password, ...jar.account(url) }
}
