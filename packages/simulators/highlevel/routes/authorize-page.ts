import type { Highlevel } from '../context.ts'
import type { App } from '../state.ts'

const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The page on which a person chooses the sub-account (or the agency) to connect. Each choice is a link to itself with `choose`. */
export function authorizePage(context: Highlevel, app: App, requestUrl: string): string {
  const { companies, locations } = context.state
  const choices = app.target === 'Company' ? companies.slice(0, 1) : locations
  const link = ({ id, name }: { id: string; name: string }): string => {
    const url = new URL(requestUrl)
    url.searchParams.set('choose', id)
    return `<li><a href="${escaped(url.pathname + url.search)}">${escaped(name)}</a></li>`
  }
  const scopes = new URL(requestUrl).searchParams.get('scope') ?? app.scopes.join(' ')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Connect ${escaped(app.name)}</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}li{margin:.5rem 0}small{color:#555}</style>
<h1>Choose where to connect ${escaped(app.name)}</h1>
<p>This is the HighLevel sandbox. Nothing leaves this machine.</p>
<ul>${choices.map(link).join('')}</ul>
<p><small>Asks for: ${escaped(scopes)}</small></p></html>`
}
