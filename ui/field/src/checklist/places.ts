/** Moving through the list: the next card comes to the place where the last one stood. */
import { type Ref, ref } from 'vue'

/** Room between the section bar and a card that was asked for. */
const TOP_GAP_PX = 40

/** Smooth where the engine and the person allow it. */
function behaviour(): ScrollBehavior {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
}

/** The places of cards in the element that scrolls. */
export interface Places {
  /** The section at the top of what is in view. */
  section: Ref<string>
  scrolled: () => void
  toItem: (code: string, smooth: boolean) => void
  toSection: (key: string) => void
  /** Brings one item to the place where another stands. */
  step: (from: string, to: string) => void
  /** The same, and no further than needed to have all of it in view. */
  reveal: (from: string, to: string) => void
  firstVisible: () => string | null
}

export function usePlaces(box: () => HTMLElement | null): Places {
  const section = ref('')
  let queued = false

  const find = (selector: string): HTMLElement | null => box()?.querySelector<HTMLElement>(selector) ?? null
  const card = (code: string): HTMLElement | null => find(`[data-item="${code}"]`)
  const top = (element: HTMLElement): number => element.getBoundingClientRect().top

  function move(by: number, smooth: boolean): void {
    box()?.scrollBy({ top: by, behavior: smooth ? behaviour() : 'auto' })
  }

  function look(): void {
    queued = false
    const at = box()
    if (!at) return
    const line = top(at) + TOP_GAP_PX + 8
    let current = ''
    for (const head of at.querySelectorAll<HTMLElement>('[data-section]')) {
      if (!current || top(head) <= line) current = head.dataset['section'] ?? ''
    }
    section.value = current
  }

  return {
    section,
    scrolled() {
      if (queued) return
      queued = true
      requestAnimationFrame(look)
    },
    toItem(code, smooth) {
      const at = box()
      const element = card(code)
      if (at && element) move(top(element) - top(at) - TOP_GAP_PX, smooth)
    },
    toSection(key) {
      const at = box()
      const element = find(`[data-section="${key}"]`)
      if (at && element) move(top(element) - top(at), true)
    },
    step(from, to) {
      const left = card(from)
      const next = card(to)
      if (left && next) move(top(next) - top(left), true)
    },
    reveal(from, to) {
      const at = box()
      const left = card(from)
      const next = card(to)
      if (!at || !next) return
      const { top: low, height } = next.getBoundingClientRect()
      const by = left && left !== next ? low - top(left) : 0
      const first = top(at) + TOP_GAP_PX
      const last = top(at) + at.clientHeight - height - TOP_GAP_PX / 2
      // Where the place of the one before lies outside, the nearest place inside will do.
      const place = Math.max(first, Math.min(low - by, last))
      move(low - place, true)
    },
    firstVisible() {
      const at = box()
      if (!at) return null
      for (const element of at.querySelectorAll<HTMLElement>('[data-item]')) {
        if (element.getBoundingClientRect().bottom > top(at) + TOP_GAP_PX) return element.dataset['item'] ?? null
      }
      return null
    },
  }
}
