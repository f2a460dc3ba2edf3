/** The keyboard never covers the field that is typed in: the page ends above it, and the field is scrolled into what is left. */
import { nextTick, onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Less than this is a toolbar, not a keyboard. */
const KEYBOARD_PX = 120
const TYPED = 'input:not([type="file"]):not([type="date"]), textarea'

/** Follows the keyboard while the page is open. Answers whether it is up. */
export function useKeyboard(box: () => HTMLElement | null): Ref<boolean> {
  const up = ref(false)
  const view = window.visualViewport
  let tallest = 0

  function show(): void {
    const field = document.activeElement
    if (!(field instanceof HTMLElement) || !field.matches(TYPED) || !box()?.contains(field)) return
    field.scrollIntoView({ block: 'nearest' })
  }
  async function resized(): Promise<void> {
    if (!view) return
    // Where the engine shrinks the window itself there is nothing to add; elsewhere the page gives way.
    tallest = Math.max(tallest, window.innerHeight)
    const covered = Math.max(0, window.innerHeight - view.height - view.offsetTop)
    up.value = tallest - view.height > KEYBOARD_PX
    document.documentElement.style.setProperty('--keyboard', covered > KEYBOARD_PX ? `${covered}px` : '0px')
    await nextTick()
    show()
  }
  async function focused(): Promise<void> {
    await nextTick()
    show()
  }
  onMounted(() => {
    tallest = window.innerHeight
    view?.addEventListener('resize', resized)
    document.addEventListener('focusin', focused)
  })
  onBeforeUnmount(() => {
    view?.removeEventListener('resize', resized)
    document.removeEventListener('focusin', focused)
    document.documentElement.style.removeProperty('--keyboard')
  })
  return up
}
