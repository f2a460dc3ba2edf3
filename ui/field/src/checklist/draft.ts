/** The inspection in work: what the core has committed, and what is being committed now. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { Command, FindingWrite } from '../backend/commands.ts'
import type {
  Answer, AnsweredBy, Checklist, Conclusion, DraftDelta, DraftView, Licence, PhotoView, VisitRules,
} from '../backend/types.ts'
import { inLine } from '../parts/commit.ts'
import { orSay, orSayOnly } from '../parts/said.ts'

type DeltaCommand = Extract<Command, { cmd: 'answer' | 'note' | 'reading' | 'finding' }>
type ViewCommand = Extract<
  Command,
  {
    cmd:
      | 'notice' | 'not_inspected' | 'conclusion' | 'party_opinion' | 'licence_same' | 'licence_typed'
      | 'confirm_section' | 'take_back' | 'sign_inspector' | 'sign_party' | 'refuse_party' | 'party_absent'
  }
>

/** Blockers that a tap on an item brings anew. */
const OF_ITEMS = ['finding_incomplete', 'unchecked_reason']

export const useDraft = defineStore('draft', () => {
  const view = ref<DraftView | null>(null)
  const checklist = ref<Checklist | null>(null)
  /** What the visit is held to and reminded of; it does not change during a visit. */
  const rules = ref<VisitRules | null>(null)
  const lastFailed = computed(() => rules.value?.last_failed ?? [])
  /** Answers on their way to the disk, by item. The control is pressed, its state is still the old one. */
  const pending = reactive(new Map<string, Answer>())
  /** When the last commit came back; 0 before the first. */
  const savedAt = ref(0)
  const id = computed(() => view.value?.id ?? '')

  function run<T>(act: () => Promise<T>): Promise<T | null> {
    return orSay(inLine(id.value, act))
  }

  function take(next: DraftView): void {
    view.value = next
    savedAt.value = Date.now()
  }

  /** Reads a draft and its checklist. Answers whether it is there. */
  async function load(inspection: string): Promise<boolean> {
    if (view.value?.id !== inspection) {
      view.value = null
      rules.value = null
    }
    const read = await orSay(inLine(inspection, () => backend().call({ cmd: 'draft', id: inspection })))
    if (!read) return false
    if (checklist.value?.id !== read.checklist_id) {
      checklist.value = await orSay(backend().call({ cmd: 'checklist', id: read.checklist_id }))
    }
    view.value = read
    rules.value ??= await backend()
      .call({ cmd: 'visit_rules', inspection })
      .catch(() => null)
    return checklist.value !== null
  }

  /** Reads the draft again: blockers and pictures change with every commit. */
  async function refresh(): Promise<void> {
    if (!id.value) return
    const read = await orSayOnly(inLine(id.value, () => backend().call({ cmd: 'draft', id: id.value })))
    if (read && read.id === id.value) view.value = read
  }

  function merge(item: string, delta: DraftDelta): void {
    const draft = view.value
    if (!draft) return
    if (delta.answer) draft.answers[item] = delta.answer
    if (delta.finding) draft.findings[item] = delta.finding
    if (delta.early) draft.early[item] = delta.early
    else delete draft.early[item]
    draft.blockers = [...draft.blockers.filter((each) => !OF_ITEMS.includes(each.code)), ...delta.gaps]
    draft.progress = delta.progress
    draft.score = delta.score
    savedAt.value = Date.now()
  }

  async function delta(command: DeltaCommand): Promise<boolean> {
    const answer = await run<DraftDelta>(() => backend().call(command))
    if (answer) merge(command.item, answer)
    return answer !== null
  }

  /** One tap, one commit. The answer shows when it is on the disk. */
  async function answer(item: string, chosen: Answer, shownMs: number, by: AnsweredBy): Promise<boolean> {
    pending.set(item, chosen)
    const done = await delta({
      cmd: 'answer', inspection: id.value, item, answer: chosen, shown_ms: Math.round(shownMs), answered_by: by,
    })
    if (pending.get(item) === chosen) pending.delete(item)
    return done
  }

  const note = (item: string, text: string): Promise<boolean> =>
    delta({ cmd: 'note', inspection: id.value, item, text })
  const reading = (item: string, key: string, value: string): Promise<boolean> =>
    delta({ cmd: 'reading', inspection: id.value, item, key, value })
  const finding = (item: string, write: FindingWrite): Promise<boolean> =>
    delta({ cmd: 'finding', inspection: id.value, item, ...write })

  /** A commit that is answered by the whole draft. */
  async function commit(command: ViewCommand): Promise<boolean> {
    const next = await run<DraftView>(() => backend().call(command))
    if (next) take(next)
    return next !== null
  }

  /** One key for the items it names: each gets its own row, or none does. */
  const confirmSection = (section: string, items: { item: string; shown_ms: number }[]): Promise<boolean> =>
    commit({ cmd: 'confirm_section', inspection: id.value, section, items })
  const takeBack = (items: string[]): Promise<boolean> => commit({ cmd: 'take_back', inspection: id.value, items })
  const notice = (given: boolean): Promise<boolean> => commit({ cmd: 'notice', inspection: id.value, given })
  const conclude = (conclusion: Conclusion | null, reason: string): Promise<boolean> =>
    commit({ cmd: 'conclusion', inspection: id.value, conclusion, reason })
  const opinion = (text: string): Promise<boolean> => commit({ cmd: 'party_opinion', inspection: id.value, text })
  const licenceSame = (kind: string): Promise<boolean> => commit({ cmd: 'licence_same', inspection: id.value, kind })
  const licenceTyped = (licence: Licence): Promise<boolean> =>
    commit({ cmd: 'licence_typed', inspection: id.value, licence })

  /** A photo the core has taken over or said anew what it shows: what items lack may have changed with it. */
  function photoTaken(photo: PhotoView): void {
    const draft = view.value
    if (!draft) return
    const at = draft.photos.findIndex((other) => other.id === photo.id)
    if (at >= 0) draft.photos[at] = photo
    else draft.photos.push(photo)
    savedAt.value = Date.now()
    if (photo.state !== 'failed') void refresh()
  }

  return {
    view, checklist, rules, lastFailed, pending, savedAt, load, refresh, answer, confirmSection, takeBack, note, reading,
    finding, commit, notice, conclude, opinion, licenceSame, licenceTyped, photoTaken,
  }
})
