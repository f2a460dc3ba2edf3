/** Keys of a page. Typing in a field is never a command. */
import { onBeforeUnmount, onMounted } from 'vue'

/** Calls the act of a key while the page is shown. Keys are named as `KeyboardEvent.key` names them. */
export function useKeys(acts: Record<string, () => void>): void {
  function press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null
    const typing = target?.closest('input, textarea, select, [contenteditable]')
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    // A focused button or link keeps its own Enter.
    if (event.key === 'Enter' && target?.closest('button, a')) return
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
