/** The list's state: it outlives the page, so that coming back from a record finds the same row. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { queue } from '../backend/console.ts'
import type { QueueRow } from '../backend/types.ts'

/** A part of the list with its heading. */
export interface Group {
  key: string
  title: string
  note: string
  rows: QueueRow[]
}

const waits = (row: QueueRow) => row.state === 'signed' || row.state === 'amended'
const loud = (row: QueueRow) => row.flags.some((flag) => flag.tone !== 'plain')

/** 先细看 before 一般 before what is settled. */
export function groups(rows: QueueRow[]): Group[] {
  const parts: Group[] = [
    { key: 'look', title: '先细看', note: '有一条以上疑点', rows: rows.filter((r) => waits(r) && loud(r)) },
    { key: 'plain', title: '一般', note: '没有疑点', rows: rows.filter((r) => waits(r) && !loud(r)) },
    { key: 'settled', title: '已处理', note: '已通过，或已退回等待补正', rows: rows.filter((r) => !waits(r)) },
  ]
  return parts.filter((part) => part.rows.length > 0)
}

export const useQueue = defineStore('queue', () => {
  const rows = ref<QueueRow[]>([])
  const state = ref<'pending' | 'all'>('pending')
  const day = ref('')
  const selected = ref<string | null>(null)
  const failed = ref('')
  const loaded = ref(false)

  const parts = computed(() => groups(rows.value))
  const order = computed(() => parts.value.flatMap((part) => part.rows))
  const current = computed(() => order.value.find((row) => row.id === selected.value) ?? order.value[0] ?? null)
  const pending = computed(() => rows.value.filter(waits).length)

  async function load(): Promise<void> {
    try {
      rows.value = (await queue({ state: state.value, day: day.value })).rows
      failed.value = ''
    } catch (error) {
      failed.value = sentenceOf(error)
    }
    loaded.value = true
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

  return { rows, state, day, selected, failed, loaded, parts, order, current, pending, load, move, after }
})
