/**
 * The backend of the development bridge: the same shell over HTTP on this machine, so that a browser can stand in for
 * the WebView of a phone. Never in a release: main.ts names it in one build alone, and ui/checks looks for it.
 */
import type { Backend } from './backend.ts'
import { shellBackend } from './shell.ts'

/** What proves a request to be this page's. Its name is also how ui/checks knows this file in what was built. */
const TOKEN = 'x-xunji-bridge'

/** From the page's address once, then from the tab. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get(TOKEN)
  if (given) {
    sessionStorage.setItem(TOKEN, given)
    history.replaceState(history.state, '', location.pathname)
  }
  return sessionStorage.getItem(TOKEN) ?? ''
}

/** Talks to the bridge. */
export function bridgeBackend(): Backend {
  const token = takeToken()
  // Pictures and events carry no headers of ours: the token stands in their path, before whatever a page appends.
  const address = (path: string): string => `/bridge/${path}/${token}`
  const listeners = new Set<() => void>()
  // One line for all who listen, and none for a page that was left: a browser opens six to a server and no more, and keeps
  // a page that was left, with its line, for the way back.
  let line: EventSource | null = null
  const listen = (): void => {
    line ??= new EventSource(address('events'))
    line.onmessage = () => listeners.forEach((listener) => listener())
  }
  listen()
  addEventListener('pageshow', listen)
  addEventListener('pagehide', () => {
    line?.close()
    line = null
  })
  return shellBackend({
    async invoke(command, body, headers = {}) {
      const raw = body instanceof Uint8Array
      const type = raw ? 'application/octet-stream' : 'application/json'
      const answer = await fetch(`/bridge/${command}`, {
        method: 'POST',
        headers: { ...headers, [TOKEN]: token, 'content-type': type },
        body: raw ? (body as BodyInit) : JSON.stringify(body),
      })
      const said = await answer.json()
      if (!answer.ok) throw said
      return said
    },
    pictureUrl: (photo, rendition) => address(`photo/${photo}/${rendition}`),
    onChanged(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
}
