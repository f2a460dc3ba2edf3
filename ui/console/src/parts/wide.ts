/** Whether the window has room for columns that a narrow one folds into others, and whether it is a phone's. */
import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue'

const WIDE = '(min-width: 1440px)'
/** As in `styles/narrow.css`. */
const NARROW = 'screen and (max-width: 759px)'

function useQuery(words: string): Ref<boolean> {
  const query = window.matchMedia(words)
  const fits = ref(query.matches)
  const follow = (): boolean => (fits.value = query.matches)
  onMounted(() => query.addEventListener('change', follow))
  onBeforeUnmount(() => query.removeEventListener('change', follow))
  return fits
}

export const useWide = (): Ref<boolean> => useQuery(WIDE)
export const useNarrow = (): Ref<boolean> => useQuery(NARROW)
