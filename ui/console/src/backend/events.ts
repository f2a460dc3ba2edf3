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
 */
export function watchQueue(act: (event: QueueEvent) => void, lost: () => void = () => {}): () => void {
  const source = new EventSource('/api/console/events')
  source.addEventListener('queue', (message) => act(JSON.parse((message as MessageEvent<string>).data) as QueueEvent))
  source.addEventListener('error', lost)
  source.addEventListener('end', () => source.close())
  return () => source.close()
}
