/**
 * How long each item's text stood before the eyes: part of the signed record, so it is measured, not guessed.
 * The clock of an item runs while its text is wholly inside the list and the app is in front; it goes on from
 * where it was when the page is opened again.
 */
import { onBeforeUnmount } from 'vue'
import type { AnswerRow } from '../backend/types.ts'

/** Share of a text that has to be visible: all of it, less what rounding takes. */
const SHOWN_SHARE = 0.95

interface Clock {
  /** Places that show this item now: its row, or the page of its details. */
  places: number
  since: number | null
  total: number
}

/** Clocks by inspection and item, for as long as the app runs. */
const inspections = new Map<string, Map<string, Clock>>()

/** What a page asks of the clocks. */
export interface ShownTime {
  /** Follows an element that holds an item's text. */
  watch: (element: Element, code: string) => void
  unwatch: (element: Element) => void
  shownMs: (code: string) => number
  /** Answers that were given before this start of the app carry their time. */
  seed: (answers: Record<string, AnswerRow>) => void
}

/** The clocks of one inspection, while its page is open. */
export function useShownTime(inspection: string): ShownTime {
  const clocks = inspections.get(inspection) ?? new Map<string, Clock>()
  inspections.set(inspection, clocks)
  const watched = new Map<Element, { code: string; seen: boolean }>()

  function clock(code: string): Clock {
    const known = clocks.get(code) ?? { places: 0, since: null, total: 0 }
    clocks.set(code, known)
    return known
  }
  function stop(each: Clock, now: number): void {
    if (each.since !== null) each.total += now - each.since
    each.since = null
  }
  function see(element: Element, seen: boolean): void {
    const entry = watched.get(element)
    if (!entry || entry.seen === seen) return
    entry.seen = seen
    const each = clock(entry.code)
    each.places += seen ? 1 : -1
    if (each.places === 0) stop(each, performance.now())
    else if (!document.hidden) each.since ??= performance.now()
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) see(entry.target, entry.intersectionRatio >= SHOWN_SHARE)
    },
    { threshold: SHOWN_SHARE },
  )

  function turned(): void {
    const now = performance.now()
    for (const each of clocks.values()) {
      if (document.hidden) stop(each, now)
      else if (each.places > 0) each.since ??= now
    }
  }
  document.addEventListener('visibilitychange', turned)
  onBeforeUnmount(() => {
    for (const element of watched.keys()) see(element, false)
    watched.clear()
    observer.disconnect()
    document.removeEventListener('visibilitychange', turned)
  })

  return {
    watch(element, code) {
      watched.set(element, { code, seen: false })
      observer.observe(element)
    },
    unwatch(element) {
      see(element, false)
      watched.delete(element)
      observer.unobserve(element)
    },
    shownMs(code) {
      const each = clocks.get(code)
      if (!each) return 0
      return Math.round(each.total + (each.since === null ? 0 : performance.now() - each.since))
    },
    seed(answers) {
      for (const row of Object.values(answers)) {
        const each = clock(row.item)
        each.total = Math.max(each.total, row.shown_ms)
      }
    },
  }
}
