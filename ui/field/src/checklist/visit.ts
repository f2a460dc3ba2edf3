/**
 * The item logic of the checklist, once for both faces: which item is current, what an answer does, what may be
 * taken back, what one key may confirm, what the main key says.
 */
import { computed, onBeforeUnmount, ref, type ComputedRef, type Ref } from 'vue'
import { itemNumber } from '@xunji/shared/format.ts'
import { answerWords, word } from '@xunji/shared/words.ts'
import type { Answer, AnswerRow, AnswerWay, Item } from '../backend/types.ts'
import { confirmText, numbersText, type SectionKey, sectionKey } from './confirm.ts'
import { useDraft } from './draft.ts'
import { type MainKey, mainKey } from './mainKey.ts'
import { nextUnanswered, type SectionProgress, sectionProgress } from './progress.ts'
import { type ShownTime, useShownTime } from './shown.ts'
import { type Undo, useUndo } from './undo.ts'

/** How often the reading clocks are looked at while a section may be confirmed. */
const LOOK_MS = 250

/** What the faces share. */
export interface Visit {
  shown: ShownTime
  undo: Undo
  sections: ComputedRef<SectionProgress[]>
  items: ComputedRef<Item[]>
  /** The item the dock's keys are for; the last touched card. */
  current: Ref<string | null>
  main: ComputedRef<MainKey>
  /** One tap. Answers whether it is on the disk. */
  answer: (code: string, chosen: Answer) => Promise<boolean>
  /** The item that follows one that was just answered: open, in the list's order. */
  following: (code: string) => string | null
  /** The key of a section, where the bureau allows one and something is left for it. */
  keyOf: (section: string) => SectionKey | null
  /** Presses it. */
  confirm: (key: SectionKey) => Promise<boolean>
}

export function useVisit(inspection: string, way: () => AnswerWay, touched: (code: string) => void): Visit {
  const draft = useDraft()
  const shown = useShownTime(inspection)
  const undo = useUndo()
  const current = ref<string | null>(null)
  const sections = computed(() => (draft.checklist && draft.view ? sectionProgress(draft.checklist, draft.view.answers) : []))
  const items = computed(() => draft.checklist?.items ?? [])
  const by = (): 'card' | 'dock' => (way() === 'dock' ? 'dock' : 'card')
  const looked = ref(0)
  const looking = setInterval(() => draft.rules?.confirm && !document.hidden && (looked.value += 1), LOOK_MS)
  onBeforeUnmount(() => clearInterval(looking))

  const main = computed<MainKey>(() =>
    draft.checklist && draft.view ? mainKey(draft.checklist, draft.view, current.value) : { kind: 'conclude' },
  )

  function back(code: string, before: AnswerRow | undefined): () => Promise<boolean> {
    return async () => {
      const done = before ? await draft.answer(code, before.answer, before.shown_ms, by()) : await draft.takeBack([code])
      if (done) {
        current.value = code
        touched(code)
      }
      return done
    }
  }

  async function answer(code: string, chosen: Answer): Promise<boolean> {
    const before = draft.view?.answers[code]
    if (!(await draft.answer(code, chosen, shown.shownMs(code), by()))) return false
    current.value = code
    touched(code)
    // On a card the first answer stands under the thumb and is changed there; a changed one took something away.
    const changed = before && before.answer !== chosen
    if (changed || (way() === 'dock' && !before)) {
      undo.offer({ what: itemNumber(code), kept: word(answerWords, chosen), back: back(code, before ? { ...before } : undefined) })
    } else undo.drop()
    return true
  }

  function following(code: string): string | null {
    if (!draft.checklist || !draft.view) return null
    return nextUnanswered(draft.checklist, draft.view.answers, code)?.code ?? null
  }

  function keyOf(section: string): SectionKey | null {
    void looked.value
    if (!draft.checklist || !draft.view) return null
    return sectionKey(draft.checklist, draft.rules, draft.view.answers, section, shown.shownMs)
  }

  async function confirm(key: SectionKey): Promise<boolean> {
    const seen = key.items.map((item) => ({ item, shown_ms: shown.shownMs(item) }))
    if (!(await draft.confirmSection(key.section, seen))) return false
    const last = key.items[key.items.length - 1] as string
    current.value = last
    touched(last)
    undo.offer({ what: numbersText(key.items), kept: '符合', back: () => draft.takeBack(key.items) })
    return true
  }

  return { shown, undo, sections, items, current, main, answer, following, keyOf, confirm }
}

export { confirmText, numbersText }
