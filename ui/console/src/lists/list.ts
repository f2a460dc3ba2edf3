/** A page of a list, asked for anew whenever the address changes. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Page } from '../backend/console.ts'
import { filterOf, pageOf } from './query.ts'

/** Rows of a page: few enough to be there at once, enough to fill a screen. */
export const PAGE_ROWS = 20

export function useList<Row, K extends string>(
  keys: readonly K[],
  ask: (filter: Partial<Record<K, string>>, page: Page) => Promise<{ rows: Row[]; total: number }>,
) {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const rows = ref<Row[]>([])
  const total = ref<number | null>(null)
  const failed = ref('')
  let asked = 0

  const filter = computed(() => filterOf(route.query, keys))
  const page = computed({ get: () => pageOf(route.query), set: (page) => go({ page: page > 1 ? String(page) : undefined }) })
  /** What the list is of, where a number led here. */
  const of = computed(() => (typeof route.query['of'] === 'string' ? route.query['of'] : ''))

  function go(change: Record<string, string | undefined>): void {
    void router.replace({ query: { ...route.query, ...change } })
  }

  /** Narrows the list; it begins again at its first page. */
  const narrow = (change: Partial<Record<K, string>>) => go({ page: undefined, ...(change as Record<string, string | undefined>) })
  /** The whole list again. */
  const widen = () => void router.replace({ query: {} })

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await ask(filter.value, { limit: PAGE_ROWS, offset: (page.value - 1) * PAGE_ROWS })
      // An answer that was overtaken by a later question is not shown.
      if (mine !== asked) return
      rows.value = answer.rows as typeof rows.value
      total.value = answer.total
      failed.value = ''
    } catch (error) {
      if (mine === asked) failed.value = sentenceOf(error)
    }
  }

  watch(() => route.query, () => route.name === name && void load(), { immediate: true })

  return { rows, total, failed, filter, page, of, narrow, widen, load }
}
