/** Typed text: on the screen at once, committed at the end of a composition, after 400 ms without a key, on leaving the
 * field, and when the page goes away: a phone may end it then. */
import { onBeforeUnmount, type Ref, ref, watch } from 'vue'
import { onGoingAway } from './goingAway.ts'

/** Quiet time after the last key. */
export const QUIET_MS = 400

/** How a field of typed text behaves. */
export interface TypedText {
  text: Ref<string>
  /** The last commit failed: the text stays on the screen, marked, and is tried again. */
  unsaved: Ref<boolean>
  typed: (value: string) => void
  compositionStart: () => void
  compositionEnd: (value: string) => void
  flush: () => void
}

/** Follows `saved`, except while what was typed is not committed yet. `commit` answers whether it was written. */
export function useTypedText(saved: () => string, commit: (text: string) => Promise<boolean>): TypedText {
  const text = ref(saved())
  const unsaved = ref(false)
  let written = text.value
  let composing = false
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(saved, (value) => {
    if (text.value === written) text.value = value
    written = value
  })

  function flush(): void {
    if (!composing) write()
  }

  /** Letters of an open composition too: half a word is better than none. Its end is committed over them. */
  function write(): void {
    clearTimeout(timer)
    if (text.value === written) return
    const sent = text.value
    const before = written
    written = sent
    void commit(sent).then((done) => {
      unsaved.value = !done
      if (!done && written === sent) written = before
    })
  }

  function typed(value: string): void {
    text.value = value
    clearTimeout(timer)
    if (!composing) timer = setTimeout(flush, QUIET_MS)
  }

  const stay = onGoingAway(write)
  onBeforeUnmount(() => {
    stay()
    write()
  })
  return {
    text,
    unsaved,
    typed,
    compositionStart: () => {
      composing = true
      clearTimeout(timer)
    },
    compositionEnd: (value) => {
      composing = false
      text.value = value
      flush()
    },
    flush,
  }
}
