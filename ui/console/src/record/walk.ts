/** Going through the items of an opened record by keys. */
import { computed, nextTick, ref, type Ref } from 'vue'
import type { RecordPage } from '../backend/types.ts'
import { bySection, lines, neighbour, remarkable } from './record.ts'

export function useWalk(page: Ref<RecordPage | null>) {
  const at = ref<string | null>(null)
  const whole = ref(false)
  const all = computed(() => (page.value ? lines(page.value) : []))
  const first = computed(() => remarkable(all.value))
  const parts = computed(() => (page.value ? bySection(page.value, all.value) : []))
  const order = computed(() => (whole.value ? parts.value.flatMap((part) => part.lines) : first.value).map((line) => line.item.code))
  const current = computed(() => all.value.find((line) => line.item.code === at.value) ?? null)

  /** A record is opened: nothing failed and nothing changed means that the whole list is what there is to see. */
  function begin(): void {
    at.value = null
    whole.value = first.value.length === 0
  }

  function select(code: string | null): void {
    at.value = code
    void nextTick(() => document.querySelector(`[data-testid="item-${code}"]`)?.scrollIntoView({ block: 'nearest' }))
  }

  const move = (by: number) => select(neighbour(order.value, at.value, by))

  return { at, whole, all, first, parts, current, order, begin, select, move }
}
