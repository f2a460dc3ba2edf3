/** A long list drawn piece by piece: the first screen does not wait for the two-hundredth row. */
import { computed, onBeforeUnmount, ref, watch, type ComputedRef } from 'vue'

/** Rows of one piece: more than fit on a screen of 1920 by 1080. */
const PIECE = 24

/** How many rows are drawn: a piece at once, another in each frame after, and always past the row that is needed. */
export function useGradually(total: () => number, needed: () => number): ComputedRef<number> {
  const drawn = ref(PIECE)
  let frame = 0

  function go(): void {
    frame = 0
    if (drawn.value >= total()) return
    drawn.value += PIECE
    frame = requestAnimationFrame(go)
  }

  // After the frame that shows the first piece.
  watch(total, () => { if (!frame) frame = requestAnimationFrame(() => { frame = requestAnimationFrame(go) }) }, { immediate: true })
  onBeforeUnmount(() => cancelAnimationFrame(frame))
  return computed(() => Math.max(drawn.value, needed() + PIECE))
}
