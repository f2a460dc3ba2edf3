/** The inspection in work: what the core has committed, and what is being committed now. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import { backend } from '../backend/backend.ts'
import type { Command, FindingWrite } from '../backend/commands.ts'
import type { Answer, Checklist, Conclusion, DraftDelta, DraftView, Licence, OperatorView, PhotoView } from '../backend/types.ts'
import { inLine } from '../parts/commit.ts'
import { orSay } from '../parts/said.ts'

type DeltaCommand = Extract<Command, { cmd: 'answer' | 'note' | 'reading' | 'finding' }>
type ViewCommand = Extract<
  Command,
  {
    cmd:
      | 'notice' | 'not_inspected' | 'conclusion' | 'party_opinion' | 'licence_same' | 'licence_typed'
      | 'sign_inspector' | 'sign_party' | 'refuse_party' | 'party_absent'
  }
>

export const useDraft = defineStore('draft', () => {
  const view = ref<DraftView | null>(null)
  const checklist = ref<Checklist | null>(null)
  const lastFailed = ref<OperatorView['last_failed']>([])
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
      lastFailed.value = []
    }
    const read = await orSay(inLine(inspection, () => backend().call({ cmd: 'draft', id: inspection })))
    if (!read) return false
    if (checklist.value?.id !== read.checklist_id) {
      checklist.value = await orSay(backend().call({ cmd: 'checklist', id: read.checklist_id }))
    }
    view.value = read
    void loadLastFailed(read.operator.id)
    return checklist.value !== null
  }

  async function loadLastFailed(operator: string): Promise<void> {
    const known = await backend().call({ cmd: 'operator', id: operator }).catch(() => null)
    lastFailed.value = known?.last_failed ?? []
  }

  /** Reads the draft again: blockers and pictures change with every commit. */
  async function refresh(): Promise<void> {
    if (!id.value) return
    const read = await run(() => backend().call({ cmd: 'draft', id: id.value }))
    if (read && read.id === id.value) view.value = read
  }

  function merge(item: string, delta: DraftDelta): void {
    const draft = view.value
    if (!draft) return
    if (delta.answer) draft.answers[item] = delta.answer
    if (delta.finding) draft.findings[item] = delta.finding
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
  async function answer(item: string, chosen: Answer, shownMs: number): Promise<boolean> {
    pending.set(item, chosen)
    const done = await delta({
      cmd: 'answer', inspection: id.value, item, answer: chosen, shown_ms: Math.round(shownMs), answered_by: 'card',
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

  const notice = (given: boolean): Promise<boolean> => commit({ cmd: 'notice', inspection: id.value, given })
  const conclude = (conclusion: Conclusion | null, reason: string): Promise<boolean> =>
    commit({ cmd: 'conclusion', inspection: id.value, conclusion, reason })
  const opinion = (text: string): Promise<boolean> => commit({ cmd: 'party_opinion', inspection: id.value, text })
  const licenceSame = (kind: string): Promise<boolean> => commit({ cmd: 'licence_same', inspection: id.value, kind })
  const licenceTyped = (licence: Licence): Promise<boolean> =>
    commit({ cmd: 'licence_typed', inspection: id.value, licence })

  /** A photo the core has taken over. */
  function photoTaken(photo: PhotoView): void {
    const draft = view.value
    if (!draft) return
    draft.photos = [...draft.photos.filter((other) => other.id !== photo.id), photo]
    savedAt.value = Date.now()
  }

  return {
    view, checklist, lastFailed, pending, savedAt, load, refresh, answer, note, reading, finding, commit, notice,
    conclude, opinion, licenceSame, licenceTyped, photoTaken,
  }
})
