/** The list of operators: what was asked for stays while the app runs, so that back finds it again. Pages are read
 * where the list is looked at; 20,000 rows are never here at once. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { sentenceOf } from '@xunji/shared/errors.ts'
import { backend } from '../backend/backend.ts'
import type { Answers } from '../backend/commands.ts'
import type { OperatorKind, OperatorRow } from '../backend/types.ts'
import { say } from '../parts/said.ts'

/** Rows of one page: what a cheap phone draws without a pause. */
export const PAGE_ROWS = 50

export const useOperatorList = defineStore('operators', () => {
  const query = ref('')
  /** The query is typed on nine keys and names initials. */
  const keypad = ref(false)
  const kind = ref<OperatorKind | null>(null)
  const pages = shallowRef(new Map<number, OperatorRow[]>())
  const total = ref(0)
  const nextKeys = ref('')
  const read = ref(false)
  const problem = ref('')
  let question = 0
  let asked = new Set<number>()
  /** Whether the rows here already belong to the question that is open. */
  let answered = true

  function ask(page: number): Promise<Answers['operators']> {
    return backend().call({
      cmd: 'operators',
      query: query.value.trim(),
      ...(keypad.value ? { keypad: true } : {}),
      ...(kind.value ? { kind: kind.value } : {}),
      limit: PAGE_ROWS,
      offset: page * PAGE_ROWS,
    })
  }

  async function fetch(page: number): Promise<void> {
    const mine = question
    asked.add(page)
    try {
      const answer = await ask(page)
      // An answer to an older question must not stand among those to a newer one.
      if (mine !== question) return
      pages.value = new Map(answered ? pages.value : []).set(page, answer.rows)
      answered = true
      total.value = answer.total
      nextKeys.value = answer.next_keys
      read.value = true
      problem.value = ''
    } catch (error) {
      if (mine !== question) return
      asked.delete(page)
      problem.value = sentenceOf(error)
      if (read.value) say(error)
    }
  }

  /** Asks anew: other words, another kind, or news from the core. The old rows stay until the answer is here. */
  async function search(page = 0): Promise<void> {
    question += 1
    asked = new Set()
    answered = false
    await fetch(page)
  }
  /** Rows from one place to another are looked at; what is missing of them is read. */
  function lookedAt(from: number, to: number): void {
    const last = Math.min(to, total.value - 1)
    for (let page = Math.floor(from / PAGE_ROWS); page * PAGE_ROWS <= last; page += 1) {
      if (!asked.has(page)) void fetch(page)
    }
  }
  /** The row at a place; nothing while its page is on the way. */
  function at(place: number): OperatorRow | undefined {
    return pages.value.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS]
  }
  const empty = computed(() => read.value && total.value === 0)

  return { query, keypad, kind, pages, total, nextKeys, read, problem, empty, search, lookedAt, at }
})
