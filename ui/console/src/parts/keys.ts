/** Keys of a page. Typing in a field is never a command. */
import { onBeforeUnmount, onMounted } from 'vue'

/** Dialogs that stand open, the uppermost last: while there is one, only its keys act. */
const dialogs: symbol[] = []

/** True where the person writes, and a letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
}

/** The act of a press, if it is a command at all. Caps lock does not matter. */
export function actOf(event: KeyboardEvent, acts: Record<string, () => void>): (() => void) | undefined {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined
  // A focused button or link keeps its own Enter, an open list its arrows.
  if (event.target instanceof Element) {
    if (event.key === 'Enter' && event.target.closest('button, a, summary')) return undefined
    if (event.key.startsWith('Arrow') && event.target.closest('[role="menu"], [role="listbox"], [role="radiogroup"]')) return undefined
  }
  return acts[event.key] ?? acts[event.key.toLowerCase()]
}

/** Calls the act of a key while the page is shown. Keys are named as `KeyboardEvent.key` names them. */
export function useKeys(acts: Record<string, () => void>, dialog = false): void {
  const mine = Symbol('keys')
  function press(event: KeyboardEvent): void {
    if (dialogs.length > 0 && dialogs[dialogs.length - 1] !== mine) return
    const act = actOf(event, acts)
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => {
    if (dialog) dialogs.push(mine)
    window.addEventListener('keydown', press)
  })
  onBeforeUnmount(() => {
    if (dialog) dialogs.splice(dialogs.indexOf(mine), 1)
    window.removeEventListener('keydown', press)
  })
}
