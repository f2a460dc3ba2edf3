/** Whether the window has room for columns that a narrow one folds into others. */
import { onBeforeUnmount, onMounted, ref } from 'vue'

const WIDE = '(min-width: 1440px)'

export function useWide() {
  const query = window.matchMedia(WIDE)
  const wide = ref(query.matches)
  const follow = () => (wide.value = query.matches)
  onMounted(() => query.addEventListener('change', follow))
  onBeforeUnmount(() => query.removeEventListener('change', follow))
  return wide
}
