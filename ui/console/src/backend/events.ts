/** The live queue: the server says that something changed, the page asks what. */

export interface QueueEvent {
  /** Records that wait for a review within the reader's scope. */
  pending: number
  /** Grows with every committed change; equal numbers mean the same county. */
  change: number
}

/**
 * Calls `act` at once with the present count and after every change that was committed, until the
 * function it returns is called or the session ends. The browser reconnects by itself after a cut, of
 * which `lost` is told.
 *
 * Only a page that is looked at keeps a line: a browser opens six to a server and no more, and a desk with seven tabs
 * would stand still. A page that comes back to the front is told the present count again.
 */
export function watchQueue(act: (event: QueueEvent) => void, lost: () => void = () => {}): () => void {
  let source: EventSource | null = null
  let over = false

  function open(): void {
    if (source || over || document.hidden) return
    source = new EventSource('/api/console/events')
    source.addEventListener('queue', (message) => act(JSON.parse((message as MessageEvent<string>).data) as QueueEvent))
    source.addEventListener('error', lost)
    source.addEventListener('end', stop)
  }
  function close(): void {
    source?.close()
    source = null
  }
  const turned = (): void => (document.hidden ? close() : open())
  function stop(): void {
    over = true
    close()
    document.removeEventListener('visibilitychange', turned)
    removeEventListener('pagehide', close)
    removeEventListener('pageshow', open)
  }
  document.addEventListener('visibilitychange', turned)
  addEventListener('pagehide', close)
  addEventListener('pageshow', open)
  open()
  return stop
}
