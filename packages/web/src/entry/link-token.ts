import { useState } from 'react'

/** The secret part of a link stands behind its `#`, which no server, proxy or referrer sees. It is taken from the address at once. */
export function useLinkToken(): [token: string, setToken: (pasted: string) => void] {
  const [token, setToken] = useState(() => {
    const found = location.hash.slice(1)
    if (found !== '') history.replaceState(history.state, '', location.pathname + location.search)
    return found
  })
  /** A whole link may be pasted too. */
  return [token, (pasted) => setToken(pasted.trim().split('#').at(-1) ?? '')]
}
