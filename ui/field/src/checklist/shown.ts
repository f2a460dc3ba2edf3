/** How long each card was on the screen: part of the signed record, so it is measured, not guessed. */
import { onBeforeUnmount } from 'vue'

/** Share of a card that has to be visible to count as shown. */
const SHOWN_SHARE = 0.5

interface Shown {
  since: number | null
  total: number
}

/** Watches cards by their item code. */
export function useShownTime(): { watch: (card: Element, code: string) => void; shownMs: (code: string) => number } {
  const times = new Map<string, Shown>()
  const codes = new WeakMap<Element, string>()

  const observer = new IntersectionObserver(
    (entries) => {
      const now = performance.now()
      for (const entry of entries) {
        const code = codes.get(entry.target)
        if (code === undefined) continue
        const shown = times.get(code) ?? { since: null, total: 0 }
        if (entry.isIntersecting && shown.since === null) shown.since = now
        if (!entry.isIntersecting && shown.since !== null) {
          shown.total += now - shown.since
          shown.since = null
        }
        times.set(code, shown)
      }
    },
    { threshold: SHOWN_SHARE },
  )
  onBeforeUnmount(() => observer.disconnect())

  return {
    watch(card, code) {
      codes.set(card, code)
      observer.observe(card)
    },
    shownMs(code) {
      const shown = times.get(code)
      if (!shown) return 0
      return shown.total + (shown.since === null ? 0 : performance.now() - shown.since)
    },
  }
}
