/** The way back from the last tap: a bar for six seconds instead of a question before every tap. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** How long the bar stays. */
export const UNDO_MS = 6_000

/** What can be taken back. */
export interface Undoable {
  /** Which item or items, `4.1`. */
  what: string
  /** What was kept, `不符合`. */
  kept: string
  back: () => Promise<boolean>
}

/** One bar. */
export interface Undo {
  last: Ref<Undoable | null>
  offer: (undoable: Undoable) => void
  drop: () => void
  run: () => Promise<void>
}

let handed: { undoable: Undoable; at: number } | null = null

/** Offers the way back on the page that comes next: this one closes with what it did. */
export function offerOnNextPage(undoable: Undoable): void {
  handed = { undoable, at: Date.now() }
}

export function useUndo(): Undo {
  const last = ref<Undoable | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function drop(): void {
    clearTimeout(timer)
    last.value = null
  }
  function offer(undoable: Undoable): void {
    drop()
    last.value = undoable
    timer = setTimeout(drop, UNDO_MS)
  }
  onMounted(() => {
    if (handed && Date.now() - handed.at < UNDO_MS) offer(handed.undoable)
    handed = null
  })
  onBeforeUnmount(() => clearTimeout(timer))

  return {
    last,
    offer,
    drop,
    async run() {
      const undoable = last.value
      if (!undoable) return
      clearTimeout(timer)
      // A way back that failed stays on offer: the old answer still stands.
      if ((await undoable.back()) && last.value === undoable) last.value = null
    },
  }
}
