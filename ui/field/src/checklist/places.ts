/** Moving through the list: the next card comes to the place where the last one stood. */
import { type Ref, ref } from 'vue'

/** Room between the section bar and a card that was asked for. */
const TOP_GAP_PX = 40

/** Smooth where the engine and the person allow it. */
function behaviour(): ScrollBehavior {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
}

/** The places of cards in the element that scrolls. */
export function usePlaces(box: () => HTMLElement | null): {
  section: Ref<string>
  scrolled: () => void
  toItem: (code: string, smooth: boolean) => void
  toSection: (key: string) => void
  step: (from: string, to: string) => void
  firstVisible: () => string | null
} {
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
