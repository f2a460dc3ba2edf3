/** The list's state: it outlives the page, so that coming back from a record finds the same row. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { approveBatch, queue } from '../backend/console.ts'
import type { Batch, Queue, QueueRow } from '../backend/types.ts'
import { choices, groups, merged, narrowed, unchanged, waits } from './groups.ts'

export const useQueue = defineStore('queue', () => {
  // Shallow: rows are replaced, never written into, and two hundred fingerprints behind proxies are slow to draw.
  const rows = shallowRef<QueueRow[]>([])
  const batch = shallowRef<Batch | null>(null)
  const state = ref<'pending' | 'all'>('pending')
  const day = ref('')
  const market = ref('')
  const inspector = ref('')
  const selected = ref<string | null>(null)
  const failed = ref('')
  const done = ref('')
  const loaded = ref(false)
  const busy = ref(false)
  /** A later answer of the server, kept back until the person takes it in. */
  const later = shallowRef<Queue | null>(null)

  const offered = computed(() => choices(rows.value))
  const parts = computed(() => groups(narrowed(rows.value, { market: market.value, inspector: inspector.value })))
  const order = computed(() => parts.value.flatMap((part) => part.rows))
  const current = computed(() => order.value.find((row) => row.id === selected.value) ?? order.value[0] ?? null)
  /** Null where it is not known: a list that could not be read is not an empty one. */
  const pending = computed(() => (rows.value.length || (loaded.value && !failed.value) ? rows.value.filter(waits).length : null))
  const compared = computed(() => (later.value ? merged(rows.value, later.value.rows) : null))
  const fresh = computed(() => compared.value?.fresh.length ?? 0)
  const gone = computed(() => new Set(compared.value?.gone ?? []))

  let asked = 0

  /** An answer that was overtaken by a later question is not shown. */
  async function read(put: (answer: Queue) => void): Promise<void> {
    const mine = ++asked
    try {
      const answer = await queue({ state: state.value, day: day.value })
      if (mine !== asked) return
      put({ ...answer, rows: unchanged(rows.value, answer.rows) })
      failed.value = ''
    } catch (error) {
      if (mine !== asked) return
      failed.value = sentenceOf(error)
    }
    loaded.value = true
  }

  function show(answer: Queue): void {
    rows.value = answer.rows
    batch.value = answer.batch
    later.value = null
  }

  /** The list anew: on coming to the page, and when a filter of the server changes. */
  const load = () => read(show)

  /** Something changed: rows take on what is new of them, new ones wait. Nothing moves. */
  const refresh = () => read((answer) => {
    if (!loaded.value || rows.value.length === 0) return show(answer)
    later.value = answer
    batch.value = answer.batch
    rows.value = merged(rows.value, answer.rows).rows
  })

  /** Takes in what came; the selected row stays the selected one. */
  function takeIn(): void {
    if (!later.value) return
    selected.value = current.value?.id ?? null
    show(later.value)
  }

  /** The row so many places after the selected one; the ends hold. */
  function move(by: number): void {
    const at = order.value.findIndex((row) => row.id === current.value?.id)
    const next = order.value[Math.min(Math.max(at + by, 0), order.value.length - 1)]
    if (next) selected.value = next.id
  }

  /** The record after another in the list, for going on without the list. */
  function after(id: string): QueueRow | null {
    const at = order.value.findIndex((row) => row.id === id)
    return order.value.slice(at + 1).find(waits) ?? order.value.find((row) => waits(row) && row.id !== id) ?? null
  }

  async function approveTogether(): Promise<void> {
    if (!batch.value?.ready || busy.value) return
    busy.value = true
    try {
      const { approved } = await approveBatch(batch.value.id)
      done.value = `已通过 ${approved} 份`
      await load()
    } catch (error) {
      failed.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }

  return {
    rows, batch, state, day, market, inspector, selected, failed, done, loaded, busy, offered, parts, order, current, pending,
    fresh, gone, load, refresh, takeIn, move, after, approveTogether,
  }
})
