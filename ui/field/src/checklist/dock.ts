/** Where the dock stands: the item its keys are for, the section it works on, whether a failed item's details are open. */
import { computed, type ComputedRef, nextTick, ref, type Ref } from 'vue'
import type { Answer, Item } from '../backend/types.ts'
import type { SectionKey } from './confirm.ts'
import { useDraft } from './draft.ts'
import type { Places } from './places.ts'
import type { Visit } from './visit.ts'

/** What the list and the keys of the dock share. */
export interface Dock {
  item: ComputedRef<Item | null>
  /** The section whose items are asked for. */
  section: Ref<string>
  detail: ComputedRef<boolean>
  /** The one key for what is left of the section; only while no single item is chosen. */
  keyed: ComputedRef<SectionKey | null>
  /** Makes an item the one the keys are for. */
  choose: (code: string) => void
  answer: (chosen: Answer) => Promise<void>
  /** 不符合 from the edge of a row. */
  fail: (code: string) => Promise<void>
  open: (code: string) => void
  close: () => void
  /** The details are complete: on to the next item. */
  done: () => void
  /** Presses the key of a section, and goes on. */
  confirm: (key: SectionKey) => Promise<void>
  enter: (section: string) => void
  /** Where the page opens: at an item that was left, or at the first open one. */
  begin: (at: string | null) => void
}

export function useDock(visit: Visit, places: Places): Dock {
  const draft = useDraft()
  const section = ref('')
  const detailed = ref<string | null>(null)
  const byCode = (code: string | null): Item | null => visit.items.value.find((item) => item.code === code) ?? null
  const item = computed(() => byCode(visit.current.value))
  const answerOf = (code: string): Answer | undefined => draft.view?.answers[code]?.answer
  const detail = computed(() => {
    const code = visit.current.value
    return code !== null && detailed.value === code && answerOf(code) === 'fail'
  })
  const keyed = computed(() => (item.value ? null : visit.keyOf(section.value)))

  function show(from: string | null, to: string): void {
    void nextTick(() => places.reveal(from ?? to, to))
  }
  function choose(code: string): void {
    section.value = byCode(code)?.section ?? section.value
    visit.current.value = code
  }
  function openIn(key: string): Item[] {
    return visit.items.value.filter((each) => each.section === key && !answerOf(each.code))
  }

  /** The first thing to do in a section: what is answered alone, then the key for the rest. Answers whether there is any. */
  function take(key: string, from: string | null): boolean {
    const open = openIn(key)
    const at = visit.items.value.findIndex((each) => each.code === from)
    const alone = draft.rules?.confirm ? open.filter((each) => draft.rules?.confirm?.alone[each.code]) : open
    const next = alone.find((each) => visit.items.value.indexOf(each) > at) ?? alone[0]
    if (!next && !open.length) return false
    section.value = key
    visit.current.value = next?.code ?? null
    const to = next?.code ?? open[0]?.code
    if (to) show(from, to)
    return true
  }
  /** On to what is open: in this section, then in those after it, then from the top. */
  function advance(from: string | null): void {
    const here = byCode(from)?.section ?? section.value
    const keys = visit.sections.value.map((each) => each.key)
    const at = Math.max(0, keys.indexOf(here))
    for (const key of [...keys.slice(at), ...keys.slice(0, at)]) if (take(key, from)) return
    visit.current.value = null
  }

  async function give(code: string, chosen: Answer): Promise<void> {
    const changed = answerOf(code) !== undefined
    if (!(await visit.answer(code, chosen))) return
    if (chosen === 'fail') detailed.value = code
    // Who changes an answer looks at that item; the keys stay with it.
    else if (!changed && chosen !== 'unchecked') advance(code)
  }

  return {
    item, section, detail, keyed, choose,
    answer: async (chosen) => {
      const code = visit.current.value
      if (!code) return
      if (chosen === 'fail' && answerOf(code) === 'fail') detailed.value = code
      else await give(code, chosen)
    },
    fail: async (code) => {
      choose(code)
      await give(code, 'fail')
    },
    open: (code) => {
      choose(code)
      detailed.value = code
    },
    close: () => {
      detailed.value = null
    },
    done: () => {
      detailed.value = null
      if (visit.current.value) advance(visit.current.value)
    },
    confirm: async (key) => {
      if (await visit.confirm(key)) advance(key.items[key.items.length - 1] ?? null)
    },
    enter: (key) => {
      places.toSection(key)
      section.value = key
      if (!take(key, null)) visit.current.value = null
    },
    begin: (at) => {
      const answer = at ? answerOf(at) : undefined
      if (at && (answer === undefined || answer === 'fail')) choose(at)
      else advance(at)
    },
  }
}
