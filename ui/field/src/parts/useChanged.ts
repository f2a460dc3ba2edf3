/** Pages that show what sync brings read again when the core says that something changed. */
import { onBeforeUnmount, onMounted } from 'vue'
import { backend } from '../backend/backend.ts'

/** A burst of news is one reading. */
const CALM_MS = 250

/** Calls `read` at once when the page opens and again after changes. */
export function useChanged(read: () => unknown): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop: () => void = () => undefined
  onMounted(() => {
    read()
    stop = backend().onChanged(() => {
      clearTimeout(timer)
      timer = setTimeout(read, CALM_MS)
    })
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    stop()
  })
}
