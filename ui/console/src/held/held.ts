/** What waits outside the register, the row that is looked at, and what is being done about it. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as server from '../backend/console.ts'
import type { HeldRow } from '../backend/types.ts'
import { useCounts } from '../shell/counts.ts'

export const useHeld = defineStore('held', () => {
  const counts = useCounts()
  const rows = ref<HeldRow[]>([])
  const waiting = ref<number | null>(null)
  const maySettle = ref(false)
  const state = ref<'open' | 'closed'>('open')
  const selected = ref<string | null>(null)
  const reason = ref('')
  const failed = ref('')
  const done = ref('')
  const loaded = ref(false)
  const busy = ref(false)
  let asked = 0

  const current = computed(() => rows.value.find((row) => row.hash === selected.value) ?? rows.value[0] ?? null)

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await server.held(state.value)
      if (mine !== asked) return
      const before = current.value?.hash
      rows.value = answer.rows
      waiting.value = answer.waiting
      maySettle.value = answer.may_settle
      if (current.value?.hash !== before) reason.value = ''
      failed.value = ''
    } catch (error) {
      if (mine !== asked) return
      failed.value = sentenceOf(error)
    }
    loaded.value = true
  }

  function show(what: 'open' | 'closed'): Promise<void> {
    state.value = what
    rows.value = []
    loaded.value = false
    done.value = ''
    return load()
  }

  function select(hash: string): void {
    if (hash !== current.value?.hash) reason.value = ''
    selected.value = hash
  }

  /** The row so many places after the selected one; the ends hold. */
  function move(by: number): void {
    const at = rows.value.findIndex((row) => row.hash === current.value?.hash)
    const next = rows.value[Math.min(Math.max(at + by, 0), rows.value.length - 1)]
    if (next) select(next.hash)
  }

  async function act(what: (row: HeldRow) => Promise<server.Outcome>): Promise<void> {
    const row = current.value
    if (!row || busy.value || !maySettle.value || row.closed) return
    busy.value = true
    done.value = ''
    try {
      const outcome = await what(row)
      if (outcome.verdict === 'applied' || outcome.verdict !== row.verdict) move(1)
      await load()
      done.value = `${row.about}：${outcome.sentence}`
      void counts.refresh()
    } catch (error) {
      failed.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }

  const retry = () => act((row) => server.retryHeld(row.hash))
  const settle = (decision: 'accepted' | 'closed') => act((row) => server.settleHeld(row.hash, decision, reason.value))

  return { rows, waiting, maySettle, state, selected, reason, failed, done, loaded, busy, current, load, show, select, move, retry, settle }
})
