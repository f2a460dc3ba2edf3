/** A long list, read in pages where it is looked at: however many rows there are, they are never here at once. What was
 * read stays while the app runs, so that back finds it again. */
import { computed, ref, shallowRef } from 'vue'
import { sentenceOf } from '@xunji/shared/errors.ts'
import { say } from './said.ts'

/** Rows of one page: what a cheap phone draws without a pause. */
export const PAGE_ROWS = 50
/** All rows are equally high, see `PagedList.vue`. */
const ROW_REM = 4.75

/** A page as the core answers it. */
export interface PageOf<Row> {
  total: number
  rows: Row[]
}

/** What a list on the screen needs of it. */
export interface Paged<Row> {
  total: number
  pages: Map<number, Row[]>
  at: (place: number) => Row | undefined
  lookedAt: (from: number, to: number) => void
}

/** How high a row is, in the letters the person has chosen. */
export function rowHeight(): number {
  return ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize) || ROW_REM * 16
}

/** The page at the top of what is seen. */
export function pageAt(scroll: HTMLElement | null): number {
  return Math.floor((scroll?.scrollTop ?? 0) / rowHeight() / PAGE_ROWS)
}

/** Reads by `ask`; `came` is told of every page that belongs to the question that is open. */
export function usePages<Row, Page extends PageOf<Row>>(
  ask: (limit: number, offset: number) => Promise<Page>,
  came: (page: Page) => void = () => undefined,
) {
  const pages = shallowRef(new Map<number, Row[]>())
  const total = ref(0)
  const read = ref(false)
  const problem = ref('')
  let question = 0
  let asked = new Set<number>()
  /** Whether the rows here already belong to the question that is open. */
  let answered = true

  async function fetch(page: number): Promise<void> {
    const mine = question
    asked.add(page)
    try {
      const answer = await ask(PAGE_ROWS, page * PAGE_ROWS)
      // An answer to an older question must not stand among those to a newer one.
      if (mine !== question) return
      pages.value = new Map(answered ? pages.value : []).set(page, answer.rows)
      answered = true
      total.value = answer.total
      came(answer)
      read.value = true
      problem.value = ''
    } catch (error) {
      if (mine !== question) return
      asked.delete(page)
      problem.value = sentenceOf(error)
      if (read.value) say(error)
    }
  }

  /** Asks anew: another question, or news from the core. The old rows stay until the answer is here. */
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
  function at(place: number): Row | undefined {
    return pages.value.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS]
  }
  const empty = computed(() => read.value && total.value === 0)

  return { pages, total, read, problem, empty, search, lookedAt, at }
}
