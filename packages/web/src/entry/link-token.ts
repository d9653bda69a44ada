import { useEffect, useState } from 'react'

/**
 * The secret part of a link stands behind its `#`, which no server, proxy or referrer sees. It is taken from the address when the page is loaded,
 * before anything is drawn, so that neither history nor a screenshot keeps it.
 */
function takeFromAddress(): string {
  const isLink = ['/set-up', '/new-password', '/invitation', '/connect'].includes(location.pathname)
  const found = isLink ? location.hash.slice(1) : ''
  if (found !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return found
}

const atStart = takeFromAddress()

/** The token of the link that was opened; a whole link may be pasted too. */
export function useLinkToken(): [token: string, setToken: (pasted: string) => void] {
  const [token, setToken] = useState(atStart)
  useEffect(() => {
    // A link opened over a page with the same path loads nothing: only the part behind the # is new.
    const take = () => setToken((known) => takeFromAddress() || known)
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])
  return [token, (pasted) => setToken(pasted.trim().split('#').at(-1) ?? '')]
}
