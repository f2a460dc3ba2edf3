/** The cases that wait, the one that is being decided, and what the person has put together so far. */
import { sentenceOf } from '@xunji/shared/errors.ts'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as server from '../backend/console.ts'
import type { ConflictCase, ConflictList, Place } from '../backend/types.ts'
import { useCounts } from '../shell/counts.ts'
import { blank, fieldText, isFilled, valueText } from './fields.ts'

/** One of the values by its place, or one of the person's own. */
export type Pick = number | 'own' | null

export const useCases = defineStore('cases', () => {
  const counts = useCounts()
  const rows = ref<ConflictCase[]>([])
  const mayResolve = ref(false)
  const markets = ref<Place[]>([])
  const selected = ref<string | null>(null)
  const pick = ref<Pick>(null)
  const own = ref<unknown>('')
  const reason = ref('')
  const failed = ref('')
  const done = ref('')
  const loaded = ref(false)
  const busy = ref(false)
  /** A later answer, kept back until the person takes it in: nothing moves while he compares. */
  const later = ref<ConflictList | null>(null)

  const current = computed(() => rows.value.find((row) => row.id === selected.value) ?? rows.value[0] ?? null)
  const value = computed(() => (pick.value === 'own' ? own.value : pick.value === null ? undefined : current.value?.values[pick.value]?.value))
  /** What keeps the decision from being made; empty when nothing does. */
  const lacks = computed(() => {
    if (!current.value || pick.value === null) return '先选一个值，或另填一个'
    if (pick.value !== 'own') return ''
    if (!isFilled(current.value.field, own.value)) return '写上要定的值'
    return reason.value.trim() ? '' : '另填的值须写明理由'
  })

  function show(answer: ConflictList): void {
    const before = JSON.stringify(current.value)
    rows.value = answer.rows
    mayResolve.value = answer.may_resolve
    later.value = null
    if (JSON.stringify(current.value) !== before) begin()
  }

  function begin(): void {
    pick.value = null
    reason.value = ''
  }

  async function read(put: (answer: ConflictList) => void): Promise<void> {
    try {
      const answer = await server.conflicts()
      if (markets.value.length === 0 && answer.rows.some((row) => row.field === 'slot')) markets.value = (await server.filters()).markets
      put(answer)
      failed.value = ''
    } catch (error) {
      failed.value = sentenceOf(error)
    }
    loaded.value = true
  }

  const load = () => read(show)

  /** Something changed at the server: it waits where it would move what stands here. */
  const refresh = () => read((answer) => {
    if (rows.value.length === 0) return show(answer)
    later.value = JSON.stringify(answer.rows) === JSON.stringify(rows.value) ? null : answer
  })

  function takeIn(): void {
    if (later.value) show(later.value)
  }

  function select(id: string): void {
    if (id !== current.value?.id) begin()
    selected.value = id
  }

  /** Chooses the value at a place, or begins one of one's own. */
  function choose(what: Pick): void {
    if (!current.value || !mayResolve.value) return
    if (typeof what === 'number' && !current.value.values[what]) return
    if (what === 'own' && pick.value !== 'own') own.value = blank(current.value.field, current.value.now)
    pick.value = what
  }

  /** The case so many places after the selected one; the ends hold. */
  function move(by: number): void {
    const at = rows.value.findIndex((row) => row.id === current.value?.id)
    const next = rows.value[Math.min(Math.max(at + by, 0), rows.value.length - 1)]
    if (next) select(next.id)
  }

  async function decide(): Promise<void> {
    const row = current.value
    if (!row || busy.value || lacks.value || !mayResolve.value) return
    busy.value = true
    done.value = ''
    try {
      const { operator, field, conflicts } = row
      const answer = await server.resolveConflict({ operator, field, conflicts, seen: row.now, value: value.value, reason: reason.value })
      const said = `${row.operator_name}的${fieldText(field)}已定为“${valueText(field, answer.value, markets.value)}”，手机下次同步后更新`
      move(1)
      await load()
      done.value = said
      void counts.refresh()
    } catch (error) {
      failed.value = sentenceOf(error)
    } finally {
      busy.value = false
    }
  }

  return {
    rows, mayResolve, markets, selected, pick, own, reason, failed, done, loaded, busy, later, current, lacks,
    load, refresh, takeIn, select, choose, move, decide,
  }
})
