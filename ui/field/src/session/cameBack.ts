/** The person is back at the page, or the net at the phone: the core looks for what the camera left and goes on with sync.
 * The shells say it too where their system tells them; on a phone one of the two may be missing. */
import { backend } from '../backend/backend.ts'

/** A page that shows again comes with focus, often with the net: one word for all of them. */
export const TOGETHER_MS = 300

/** Listens. Answers how to stop. */
export function followReturn(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (): void => {
    timer = undefined
    // A hint. What does not come of it comes within a minute by itself.
    backend()
      .call({ cmd: 'came_back' })
      .catch(() => undefined)
  }
  const back = (): void => void (timer ??= setTimeout(tell, TOGETHER_MS))
  const shown = (): void => {
    if (document.visibilityState === 'visible') back()
  }
  window.addEventListener('online', back)
  window.addEventListener('focus', back)
  document.addEventListener('visibilitychange', shown)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('online', back)
    window.removeEventListener('focus', back)
    document.removeEventListener('visibilitychange', shown)
  }
}
