/** The list of operators: what was asked for stays while the app runs, so that back finds it again. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { OperatorKind, OperatorRow } from '../backend/types.ts'
import { say } from '../parts/said.ts'

/** Rows of one page: what a cheap phone draws without a pause. */
export const PAGE_ROWS = 40

export const useOperatorList = defineStore('operators', () => {
  const query = ref('')
  const kind = ref<OperatorKind | null>(null)
  const rows = ref<OperatorRow[]>([])
  const total = ref(0)
  const read = ref(false)
  let asked = 0

  async function fetch(offset: number, limit: number): Promise<void> {
    const mine = ++asked
    try {
      const answer = await backend().call({
        cmd: 'operators',
        query: query.value.trim(),
        ...(kind.value ? { kind: kind.value } : {}),
        limit,
        offset,
      })
      // A slower answer to an older question must not replace a newer one.
      if (mine !== asked) return
      rows.value = offset === 0 ? answer.rows : [...rows.value, ...answer.rows]
      total.value = answer.total
      read.value = true
    } catch (error) {
      say(error)
    }
  }

  /** Reads again what is shown. */
  const reload = (): Promise<void> => fetch(0, Math.max(PAGE_ROWS, rows.value.length))
  /** Asks anew after the words or the kind changed. */
  const search = (): Promise<void> => fetch(0, PAGE_ROWS)
  /** The next page, when there is one. */
  async function more(): Promise<void> {
    if (rows.value.length < total.value) await fetch(rows.value.length, PAGE_ROWS)
  }

  return { query, kind, rows, total, read, reload, search, more }
})
