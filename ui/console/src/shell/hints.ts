/** The keys of the page on show, for the bar at its foot. */
import { defineStore } from 'pinia'
import { onBeforeUnmount, onMounted, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'

/** One hint: the keys as they stand on the caps, and what they do. */
export interface Hint {
  keys: string[]
  does: string
}

export const useHintBar = defineStore('hints', () => {
  const hints = ref<Hint[]>([])
  return { hints }
})

/** Shows these keys while the page is on show. */
export function useHints(hints: MaybeRefOrGetter<Hint[]>): void {
  const bar = useHintBar()
  const put = () => (bar.hints = toValue(hints))
  onMounted(put)
  watch(() => toValue(hints), put)
  onBeforeUnmount(() => (bar.hints = []))
}
