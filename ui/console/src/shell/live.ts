/** The one line to the server that says when something changed. Pages ask for themselves what it was. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { watchQueue } from '../backend/events.ts'

export const useLive = defineStore('live', () => {
  /** Records that wait within this person's scope; null until the server has said so. */
  const pending = ref<number | null>(null)
  /** Differs after every committed change; null until the server has said so. */
  const change = ref<number | null>(null)
  /** False while the line is cut; the browser takes it up again by itself. */
  const connected = ref(true)
  let close: (() => void) | null = null

  function begin(): void {
    close ??= watchQueue(
      (event) => {
        connected.value = true
        pending.value = event.pending
        change.value = event.change
      },
      () => (connected.value = false),
    )
  }

  function end(): void {
    close?.()
    close = null
    pending.value = null
    change.value = null
    connected.value = true
  }

  return { pending, change, connected, begin, end }
})
